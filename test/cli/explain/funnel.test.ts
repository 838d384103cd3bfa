import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FunnelResult, runFunnels } from '../../../cli/explain/funnel';
import { funnelText } from '../../../cli/explain/funnel-text';
import { messageBodies } from '../../../cli/io/input';
import { parseCases } from '../../../cli/testing/case-file';
import type { PredicateCount } from '../../../src/explain/funnel/predicate-count';
import type { Workspace, WorkspaceRule } from '../../../src/rules/workspace';
import { ruleOf } from '../../explain/page/rules';
import { bodies, openRepository, root } from '../repository';

const PARENT = 'C:\\Windows\\System32\\svchost.exe -k DcomLaunch';
const CHILD = 'C:\\Windows\\System32\\mmc.exe -Embedding';

const events = (list: readonly Record<string, string>[]): string[] => {
  const { cases, problems } = parseCases(JSON.stringify([{ name: 'x', expect: 'none', events: list }]), 'x');
  expect(problems).toEqual([]);
  return cases[0]!.events.map(({ body }) => body);
};
const run = async (rule: WorkspaceRule, texts: readonly string[]): Promise<FunnelResult> => {
  const faults: string[] = [];
  const [result] = await runFunnels(
    [rule],
    bodies(texts),
    () => {},
    (text) => faults.push(text),
  );
  expect(faults).toEqual([]);
  return result!;
};
const predicates = ({ branches }: FunnelResult): PredicateCount[] =>
  branches.flatMap(({ stages }) => stages.flatMap((stage) => [...stage.predicates]));
const passed = (result: FunnelResult): Record<string, number> =>
  Object.fromEntries(predicates(result).map((predicate) => [predicate.number, predicate.passed]));

let workspace: Workspace;
let dcom: WorkspaceRule;

beforeAll(async () => {
  workspace = await openRepository();
  dcom = workspace.rules.find(({ file }) => file.rule?.name === 'Lateral Movement via DCOM')!;
}, 60_000);

describe('a funnel', () => {
  const hit = { EventID: '1', Computer: 'A', CommandLine: CHILD, ParentCommandLine: PARENT, ParentUser: 'S' };

  it('counts rows after each stage and predicate, groups, windows and alerts', async () => {
    const result = await run(
      dcom,
      events([
        hit,
        { ...hit, time: '2024-01-01T15:00:00Z' },
        { ...hit, EventID: '3' },
        { ...hit, Channel: 'Other', Provider: 'Other' },
        { ...hit, ParentCommandLine: `${PARENT} -p` },
        { ...hit, CommandLine: 'x.exe' },
        { ...hit, table: 'WindowsEvent' },
      ]),
    );
    expect(result).toMatchObject({ records: 7, alerts: 2 });
    expect(result.branches[0]).toMatchObject({ table: 'Event', events: 6, failures: 0 });
    expect(passed(result)).toEqual({ '2.1': 5, '2.2': 4, '4.1': 3, '4.2': 2 });
    expect(result.branches[0]!.stages.map(({ number, rows }) => `${number}: ${rows}`)).toEqual([
      '2: 4',
      '3: 4',
      '4: 2',
      '5: 2',
    ]);
    expect(result.flush).toMatchObject({ kept: [{ kind: 'groups', count: 2, stage: '6' }], windows: 2, uncounted: 0 });
    expect(result.flush.steps.map(({ number, rows }) => `${number}: ${rows}`)).toEqual(['7: 2']);
  });

  it('lists events that fail one predicate alone, with their values', async () => {
    const result = await run(
      dcom,
      events([
        { ...hit, ParentCommandLine: `${PARENT} -p`, Computer: 'NEW' },
        { ...hit, ParentCommandLine: 'other', CommandLine: 'other' },
        { ...hit, EventID: '3' },
      ]),
    );
    const by = new Map(predicates(result).map((predicate) => [predicate.number, predicate]));
    expect(by.get('4.1')!.onlyMiss).toBe(1);
    expect(by.get('4.1')!.misses).toEqual([
      {
        time: '2024-01-01T12:30:00.0000000Z',
        computer: 'NEW',
        values: { ParentCommandLine: `${PARENT} -p` },
        difference: { kind: 'more', text: 'goes on with " -p"' },
      },
    ]);
    expect(by.get('2.2')).toMatchObject({ onlyMiss: 1, misses: [{ values: { EventID: '3' } }] });
    expect(by.get('4.2')!.onlyMiss).toBe(0);
  });

  it('keeps no more misses than it shows', async () => {
    const many = Array.from({ length: 50 }, (_, i) => ({
      ...hit,
      ParentCommandLine: `${PARENT} -p${'x'.repeat(50 - i)}`,
    }));
    const [miss] = predicates(await run(dcom, events(many))).filter(({ onlyMiss }) => onlyMiss > 0);
    expect(miss!.onlyMiss).toBe(50);
    expect(miss!.misses).toHaveLength(5);
    expect(miss!.misses[0]!.values.ParentCommandLine).toBe(`${PARENT} -px`);
  });

  it('shows why a rule is silent, in words, and no value can move the cursor', async () => {
    const text = funnelText(
      await run(dcom, events([{ ...hit, ParentCommandLine: `${PARENT} -p`, Computer: 'A\u001b[2J' }])),
    );
    expect(text).toContain('In short');
    expect(text).toContain(`4.1: 0 of 1 rows have what is looked for; in 1 the value goes on with " -p": ${PARENT} -p`);
    expect(text).toContain('A\\x1b[2J');
    expect(text).not.toContain('\u001b');
  });

  it('counts filters after a summarize predicate by predicate', async () => {
    const rule = ruleOf(
      'Event | where EventID == 1 | summarize n = count() by Computer | where n > 1 and Computer != "B" | project Computer',
    );
    const computers = ['A', 'A', 'B', 'B', 'C'].map((Computer) => ({ EventID: '1', Computer }));
    const { flush, alerts } = await run(rule, events(computers));
    expect(flush.kept).toEqual([{ kind: 'groups', count: 3, stage: '3' }]);
    expect(flush.steps.map(({ number, text, rows }) => `${number} ${text}: ${rows}`)).toEqual([
      '4.1 n > 1: 2',
      '4.2 Computer != "B": 1',
      '5 project Computer: 1',
    ]);
    expect(alerts).toBe(1);
  });

  const sample = join(root, '../shared/data/sysmon-stream-20k.ndjson.gz');
  (existsSync(sample) ? it : it.skip)(
    'shows on real data that the parent ends in -p since Windows 10 1809',
    async () => {
      const [result] = await runFunnels(
        [dcom],
        messageBodies(sample),
        () => {},
        () => {},
      );
      expect(result!.alerts).toBe(0);
      const parent = predicates(result!).find(({ number }) => number === '4.1')!;
      expect(parent.nearest[0]).toMatchObject({ count: 13, difference: { text: 'goes on with " -p"' } });
      expect(funnelText(result!)).toMatch(/In short\n {2}4\.1: 1 of 177 rows .* goes on with " -p"/);
    },
    60_000,
  );
});
