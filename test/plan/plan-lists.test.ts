import { createCompiler, type ListContent } from '../../src/compiler/compile';
import { externalLists, withLists } from '../../src/plan/plan-lists';
import type { RulePlan } from '../../src/plan/rule-plan';
import { DEFAULT_SETTINGS } from '../../src/plan/rule-settings';
import { compileRule } from '../../src/rules/compile';
import { readRule } from '../../src/rules/read';

const URL_A = 'https://lists.example/a.csv';
const URL_B = 'https://lists.example/b.csv';
let content: Record<string, Omit<ListContent, 'sha256' | 'fetchedAt'>> = {};
const compiler = createCompiler(
  [
    {
      name: 'Event',
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'Computer', type: 'string' },
        { name: 'EventID', type: 'int' },
      ],
    },
  ],
  [],
  {
    external: (url) => ({ sha256: 's', fetchedAt: '2026-01-01T00:00:00.000Z', ...content[url]! }),
    watchlists: new Map(),
  },
);

function build(query: string, texts: Record<string, string>, isLocal?: boolean): RulePlan {
  content = Object.fromEntries(
    Object.entries(texts).map(([url, text]) => [url, { text, ...(isLocal ? { isLocal } : {}) }]),
  );
  const yaml = `id: 11111111-2222-4333-8444-555555555555\nname: r\ndescription: d\nseverity: Low\nrequiredDataConnectors: []\nqueryFrequency: 1h\nqueryPeriod: 1d\ntriggerOperator: gt\ntriggerThreshold: 0\ntactics: []\nrelevantTechniques: []\nversion: 1.0.0\nkind: Scheduled\nquery: |\n  ${query.replaceAll('\n', '\n  ')}\n`;
  const { plan, problems } = compileRule(compiler, readRule(yaml, 'r.yaml'), DEFAULT_SETTINGS, 'settings.yaml');
  if (!plan) throw new Error(problems.map(({ message }) => message).join('\n'));
  return JSON.parse(JSON.stringify(plan)) as RulePlan;
}

const LIST = `externaldata(Name:string, Level:int)["${URL_A}", "${URL_B}"]`;
const QUERIES = {
  'in a filter of the row stage': `let bad = ${LIST};\nEvent | where Computer in~ ((bad | project Name)) | summarize count() by Computer`,
  'in a filter before kept rows': `Event | where EventID == 1 and Computer !in ((${LIST} | where Level > 1 | project Name)) | sort by TimeGenerated asc`,
  'joined by the flush': `Event | summarize N = count() by Computer | join kind=leftanti (${LIST}) on $left.Computer == $right.Name`,
  'looked up, with what is missing': `let hosts = ${LIST};\nhosts | join kind=leftanti (Event | summarize by Computer) on $left.Name == $right.Computer`,
  'in a scalar': `let most = toscalar(${LIST} | summarize max(Level));\nEvent | summarize N = count() by Computer | where N > most`,
  'in a grouping': `Event | summarize N = countif(Computer in ((${LIST} | project Name))) by EventID`,
  'in a union': `let bad = ${LIST};\nunion (Event | where EventID == 1), (Event | where EventID == 2 and Computer in ((bad | project Name))) | summarize count() by Computer`,
};

const BEFORE = { [URL_A]: 'a,1\n', [URL_B]: 'b,2\n' };
const AFTER = { [URL_A]: 'a,1\nc,3\n', [URL_B]: 'd,4\n' };
const ROWS = [
  ['a', 1],
  ['c', 3],
  ['d', 4],
];
const FILES = [
  { sha256: '1', rows: 2, fetchedAt: '2026-02-02T00:00:00.000Z' },
  { sha256: '2', rows: 1, fetchedAt: '2026-02-02T00:00:00.000Z' },
];

describe('plans with other rows of a list', () => {
  it.each(Object.entries(QUERIES))('are what the build makes of them (%s)', (_, query) => {
    const before = build(query, BEFORE);
    const [list] = externalLists([before]);
    const { references, ...after } = withLists(before, new Map([[list!.id, { rows: ROWS, files: FILES }]]));
    const { references: built, ...expected } = build(query, AFTER);
    expect(JSON.parse(JSON.stringify(after))).toEqual(expected);
    expect(after.hash).not.toBe(before.hash);
    expect(references).toEqual(built!.map((reference, i) => ({ ...reference, ...FILES[i] })));
  });

  it.each(Object.entries(QUERIES))('keep their hashes where the rows are the same (%s)', (_, query) => {
    const before = build(query, BEFORE);
    const [list] = externalLists([before]);
    const rows = [
      ['a', 1],
      ['b', 2],
    ];
    const after = withLists(before, new Map([[list!.id, { rows, files: FILES }]]));
    expect(after.hash).toBe(before.hash);
    expect(after.stream).toEqual(before.stream);
  });

  it('are the same plan where it holds none of the lists', () => {
    const plan = build('Event | where EventID == 1', {});
    expect(withLists(plan, new Map([['x', { rows: ROWS, files: FILES }]]))).toBe(plan);
  });
});

describe('lists that can be fetched anew', () => {
  it('are those of operators whose files were fetched', () => {
    const query = QUERIES['joined by the flush'];
    const plan = build(query, BEFORE);
    expect(externalLists([plan, plan])).toEqual([
      {
        id: plan.references![0]!.id,
        columns: [
          { name: 'Name', type: 'string' },
          { name: 'Level', type: 'int' },
        ],
        files: plan.references,
      },
    ]);
    expect(externalLists([build(query, BEFORE, true)])).toEqual([]);
    expect(externalLists([build('Event | where EventID == 1', {})])).toEqual([]);
  });
});
