import { createGraph, KqlError, type Op } from '../../src/kql';
import { LegRunner, type SourceEvent } from '../../src/streaming/leg-runner';
import { sharedPart } from '../../src/streaming/shared-part';
import { SharedStages } from '../../src/streaming/shared-stages';
import { testCompiler } from '../support/kql';

const COLUMNS = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'EventID', type: 'int' },
  { name: 'Text', type: 'string' },
] as const;
const compiler = testCompiler([{ name: 'Event', columns: [...COLUMNS] }]);

/** A leg of a query's row operators, reading the columns named. */
function leg(query: string, columns: readonly string[] = ['TimeGenerated', 'EventID', 'Text']): { runner: LegRunner } {
  const { plan, diagnostics } = compiler.compile(query);
  if (!plan) throw new Error(diagnostics.map(({ message }) => message).join());
  const own = COLUMNS.filter(({ name }) => columns.includes(name));
  const branch = { table: 'Event', columns: own, ops: plan.ops };
  const runner = new LegRunner({ hash: query, branches: [branch], columns: own }, 3_600_000);
  return { runner };
}

const event = (EventID: unknown, Text: unknown): SourceEvent => ({
  table: 'Event',
  fields: { TimeGenerated: '2026-01-01T00:30:00.0000000Z', EventID, Text },
  ingestion: 0n,
  origin: 'o',
});

const emptyGraph = () =>
  createGraph(
    [...COLUMNS, { name: 'A', type: 'string' }],
    [...COLUMNS, 0].map(() => () => null),
  );

const QUERIES = [
  'Event | where EventID == 1 and Text has "a"',
  'Event | where EventID == 1 and Text has "b"',
  'Event | where EventID == 1 | where Text has "a" | extend Size = strlen(Text) | where Size > 3',
  'Event | where EventID == 1 | parse Text with * "x=" X " " * | where X == "1"',
  'Event | where EventID == 1 | parse Text with * "x=" X " " * | where X == "2" | project TimeGenerated, X',
  'Event | extend Text = toupper(Text) | where Text has_cs "A"',
  'Event | mv-expand Part = split(Text, " ") | where Part == "b"',
  'Event | where pack_all() has "b"',
];
const EVENTS = [
  event(1, 'a'),
  event(1, 'a b and more'),
  event(1, 'b x=1 a'),
  event(1, 'x=2 b'),
  event(2, 'a b'),
  event(null, 'a b'),
  event('1', null),
];

describe('row stages that begin alike', () => {
  it('give each leg what it gives alone, whichever legs stand beside it', () => {
    const legs = QUERIES.map((query) => leg(query));
    const stages = new SharedStages('Event', legs);
    let found = 0;
    for (const one of EVENTS) {
      const reached = new Map(stages.reached(one).map(({ leg: of, starts }) => [of, starts]));
      for (const of of legs) {
        const shared = reached.has(of) ? of.runner.survivorsFrom(one, reached.get(of)!) : [];
        expect(shared.map(of.runner.keep, of.runner)).toEqual(of.runner.survivors(one).map(of.runner.keep, of.runner));
        found += shared.length;
      }
    }
    expect(found).toBeGreaterThan(10);
  });

  it('convert a field that only some legs read, and keep each to its own columns', () => {
    const narrow = leg('Event | where EventID == 1', ['TimeGenerated', 'EventID']);
    const wide = leg('Event | where EventID == 1 | extend Other = Text');
    const reached = new SharedStages('Event', [narrow, wide]).reached(event(1, 'a'));
    const rows = reached.map(({ leg: of, starts }) => of.runner.survivorsFrom(event(1, 'a'), starts)[0]!.row);
    expect(rows.map((row) => row.length)).toEqual([2, 4]);
  });

  it('an operator that fails, fails the legs behind it alone', () => {
    const bad = leg('Event | where EventID == 1 | where assert(EventID != 1, "no")');
    const good = leg('Event | where EventID == 1 | where Text has "a"');
    const reached = new SharedStages('Event', [bad, good]).reached(event(1, 'a'));
    const of = (which: { runner: LegRunner }) => reached.find((one) => one.leg === which)!.starts;
    expect(() => bad.runner.survivorsFrom(event(1, 'a'), of(bad))).toThrow(KqlError);
    expect(good.runner.survivorsFrom(event(1, 'a'), of(good))).toHaveLength(1);
  });

  it('do not take literals for equal that differ in a property named as places are', () => {
    const where = (v: unknown): Op => ({
      op: 'where',
      cond: {
        k: 'call',
        fn: '==',
        args: [
          { k: 'col', name: 'A', at: 3 },
          { k: 'lit', t: 'dynamic', v: v as never },
        ],
      },
    });
    const graph = emptyGraph();
    const [one, other, again] = [{ at: 1 }, { at: 2 }, { at: 1 }].map(
      (value) => sharedPart([where(value)], graph.columns, graph).conditions[0]!.cell.id,
    );
    expect(one).not.toBe(other);
    expect(one).toBe(again);
  });

  it('stop before what looks at more than columns by name', () => {
    const ops = compiler.compile(
      'Event | where EventID == 1 and Text has "a" | extend P = pack_all() | where EventID > 0',
    ).plan!.ops;
    const graph = emptyGraph();
    const { operators, conditions } = sharedPart(ops, graph.columns, graph);
    expect([operators, conditions.length]).toEqual([1, 2]);
  });
});
