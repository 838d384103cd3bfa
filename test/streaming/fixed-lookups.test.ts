import { compiledPlan, difference, HOUR, type StreamEvent, schedule, streamed } from '../support/stream';

const event = (a: string | null, b: number, more: object = {}): StreamEvent => ({
  table: 'T',
  fields: { TimeGenerated: '2024-05-01T00:30:00Z', a, b, s: `${a} ${b}`, ...more },
});
const EVENTS = [
  event('x', 1),
  event('x', 2),
  event('y', 1),
  event('', 3),
  event(null, 4),
  event('z', 5, { d: '["x","y"]' }),
];

/** Names that clash, keys given twice, an empty key. */
const ROWS = "datatable(a:string, s:string, n:long)['x', 'one', 1, 'x', 'two', 2, 'y', 'three', 3, '', 'none', 0]";
const ONCE = "datatable(k:long, name:string)[1, 'one', 2, 'two']";

const KINDS = [
  'inner',
  'leftouter',
  'leftsemi',
  'leftanti',
  'innerunique',
  'rightouter',
  'fullouter',
  'rightsemi',
  'rightanti',
];
const QUERIES = [
  ...KINDS.map((kind) => `T | join kind=${kind} (${ROWS}) on a`),
  ...KINDS.filter((kind) => !/^right(semi|anti)$/.test(kind)).map(
    (kind) =>
      `T | where b < 5 | join kind=${kind} (${ONCE}) on $left.b == $right.k | where b != 2 | summarize c = count() by b`,
  ),
  ...['inner', 'leftouter'].flatMap((kind) => [
    `T | lookup kind=${kind} (${ROWS}) on a`,
    `T | lookup kind=${kind} (${ROWS} | where n > 1 | extend m = n * 2) on a | summarize sum(m), count() by a`,
    `T | lookup kind=${kind} (${ONCE}) on $left.b == $right.k | where name != 'one' | project a, name`,
    `T | extend e = now() | lookup kind=${kind} (${ROWS}) on a | where TimeGenerated > ago(2h) and e > ago(1h) | project a, s1, n`,
    `T | where TimeGenerated > ago(30m) | lookup kind=${kind} (${ROWS}) on a | where TimeGenerated > ago(20m)`,
  ]),
  `union (T | lookup (${ONCE}) on $left.b == $right.k), (U | extend name = b) | summarize dcount(name) by a`,
  `T | mv-expand d to typeof(string) | lookup (${ROWS}) on $left.d == $right.a | summarize make_list(n) by a`,
  `T | where b in ((${ONCE} | project k)) | summarize count()`,
  `T | lookup (T | project a, q = b) on a | summarize sum(q) by a`,
];

describe('rows of the build on the other side of a join', () => {
  it.each(QUERIES)('%s', async (text) => {
    for (const delivery of [0, 1, 2])
      expect(
        await difference({ plan: compiledPlan(text), schedule: schedule(HOUR, HOUR), events: EVENTS, delivery }),
      ).toBeUndefined();
  });

  it('are looked up when an event arrives, so that only groups are kept', async () => {
    const legs = async (text: string) =>
      (
        await streamed({ plan: compiledPlan(text), schedule: schedule(HOUR, HOUR), events: [], delivery: 0 })
      ).split.legs.map(({ group, branches }) => [group !== undefined, branches[0]!.ops.map(({ op }) => op)]);
    expect(await legs(`T | lookup (${ROWS} | where n > 0) on a | where n == 1 | summarize count() by s1`)).toEqual([
      [true, ['lookup', 'where']],
    ]);
    expect(await legs(`T | join kind=leftanti (${ONCE}) on $left.b == $right.k | summarize count() by a`)).toEqual([
      [true, ['join']],
    ]);
    // Which of the left rows of a key stays depends on the others.
    expect(await legs(`T | join kind=innerunique (${ROWS}) on a | summarize count() by a`)).toEqual([[false, []]]);
    // What repeats rows would only multiply what is kept.
    expect(await legs(`T | where b > 0 | lookup (${ROWS}) on a`)).toEqual([[false, ['where']]]);
  });
});
