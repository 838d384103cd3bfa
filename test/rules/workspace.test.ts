import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatProblem } from '../../src/rules/problem';
import { loadWorkspace } from '../../src/rules/workspace';

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-workspace-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const problems = async (text: string): Promise<string[]> => {
  writeFileSync(join(folder, 'rule.yaml'), text);
  const { problems: found } = await loadWorkspace({
    rules: [folder],
    tables: [join(__dirname, '..', '..', 'tables')],
  });
  return found.map(formatProblem).map((line) => line.replace(`${folder}/`, ''));
};

describe('a workspace', () => {
  it('names the faults of the query beside those of the other fields, in one run', async () => {
    const found = await problems(`id: 11111111-2222-4333-8444-555555555555
name: r
kind: Scheduled
severity: Medum
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
query: |
  Event
  | where EvntID == 1
  | summarise count() by Computer
`);
    expect(found).toEqual([
      expect.stringMatching(/^rule\.yaml:4:11: error: "Medum" is no severity\. Did you mean "Medium"/),
      expect.stringMatching(/^rule\.yaml:11:11: error: .*'EvntID'.*Did you mean 'EventID'/),
      expect.stringMatching(/^rule\.yaml:12:5: error: .*Did you mean 'summarize'/),
    ]);
  });

  it('says nothing of a query that is not there', async () => {
    const found = await problems('id: 11111111-2222-4333-8444-555555555555\nname: r\nseverity: Low\nquery: 7\n');
    expect(found.filter((line) => /KS\d/.test(line))).toEqual([]);
    expect(found.join('\n')).toMatch(/query/);
  });

  it('refuses functions whose algorithm is not published, unless the settings of the rule allow them', async () => {
    const rule = `id: 11111111-2222-4333-8444-555555555555
name: Odd counts
kind: Scheduled
severity: Low
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
query: |
  Event
  | make-series n = count() on TimeGenerated step 1m by Computer
  | extend scores = series_outliers(n)
`;
    const plans = async (settings: string) => {
      writeFileSync(join(folder, 'settings.yaml'), settings);
      const found = (await problems(rule)).filter((line) => line.includes('series_outliers'));
      const { rules } = await loadWorkspace({ rules: [folder], tables: [join(__dirname, '..', '..', 'tables')] });
      return { found, plan: rules[0]!.plan };
    };
    const refused = await plans('');
    expect(refused.plan).toBeUndefined();
    expect(refused.found).toEqual([
      expect.stringMatching(
        /^rule\.yaml:12:21: error: how Kusto computes series_outliers\(\) is not published: .* give it 'approximate: true' in rules\/settings\.yaml/,
      ),
    ]);
    const allowed = await plans('rules:\n  Odd counts:\n    approximate: true\n');
    expect(allowed.found).toEqual([expect.stringMatching(/^rule\.yaml:12:21: warning: /)]);
    expect(allowed.plan?.settings).toMatchObject({ approximate: true });
    expect((await plans('defaults:\n  approximate: true\n')).plan?.hash).toBe(allowed.plan?.hash);
  });
});
