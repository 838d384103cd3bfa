import { compiledPlan, DAY, difference, HOUR, MINUTE, type StreamEvent, schedule, streamed } from '../support/stream';

const event = (table: string, TimeGenerated: string, fields: Record<string, unknown> = {}): StreamEvent => ({
  table,
  fields: { TimeGenerated, ...fields },
});

const PAIR = [
  event('T', '2024-05-01T00:30:00Z', { a: 'x', b: 1, s: 'p' }),
  event('T', '2024-05-01T00:30:00Z', { a: 'y', b: 1, s: 'q' }),
  event('T', '2024-05-01T00:30:00Z', { a: 'z', b: 2, s: 'r' }),
  event('U', '2024-05-01T00:30:00Z', { a: 'x', b: 'B', x: 1, a1: 7 }),
];

/** Queries on which stream and batch once differed. */
const QUERIES: Record<string, string> = {
  'rows of one time keep their order when unused columns are left out': 'T | project a | take 1',
  'two uses of a table see one order': 'T | take 1 | project a, b | join kind=inner (T | take 1 | project a) on a',
  'a renamed column that is not used later': 'T | project-rename r = f | summarize count()',
  'a rename in two steps': 'T | project-rename a9 = a | project-rename a = s | project a9, a',
  'columns after one that hangs on the clock keep their place': 'T | extend e2 = startofday(now()) | extend e1 = b',
  'a new name for a column that hangs on the clock': 'T | extend e = startofday(now()) | project-rename r = e',
  'a column that hangs on the clock, told by name':
    'T | extend e = now() - TimeGenerated | project-reorder e, b | project-keep e, a',
  'a column that hangs on the clock, taken away': 'T | extend e = now() | extend f1 = 1 | project-away e, b',
  'a union over a union whose columns clash': 'union T, U | union (T), (T | where b > 0)',
  'ingestion_time() after a union with a leg that has none':
    'Event | summarize by EventData | union T | where ingestion_time() > ago(1d)',
  '* beside an aggregate of a name that it stands for':
    'T | summarize arg_min(s, *), a = count() | union (T | summarize a = count())',
  'a fuzzy union piped into, with a leg whose columns the data does not bring':
    'T | project a | union isfuzzy=true (T | evaluate bag_unpack(d) | where nothing == 1), (U | project a, x)',
  'two stars': 'T | summarize arg_max(b, *), arg_min(s, *)',
  'a join that gives a column its second free name': 'U | where x > 0 | join kind=inner (T) on a | project a2 = a, b1',
  'the name of a column that a join would clash with':
    'U | join kind=inner (U | project a, x1 = x) on a | project x1, a2',
  'a column that is made anew before others keep their order': 'U | extend b = x, z = a1 | project-keep b, z, a1, a',
  'a search of what a search found': 'search in (T, U) "x" | search "x"',
  'a union that says the source of rows which say one already':
    'union withsource=w (T | project w = a, b), (T | project w = s, b) | where b == 1',
};

describe('stream = batch, once broken', () => {
  it.each(Object.entries(QUERIES))('%s', async (_, text) => {
    for (const delivery of [0, 1, 2])
      expect(
        await difference({ plan: compiledPlan(text), schedule: schedule(HOUR, HOUR), events: PAIR, delivery }),
      ).toBeUndefined();
  });

  it('a window of enqueued time says nothing of TimeGenerated', async () => {
    const late: StreamEvent = { ...PAIR[0]!, enqueued: Date.UTC(2024, 4, 2) };
    const text = 'T | where TimeGenerated between (ago(90s) .. now()) | project a';
    const query = {
      plan: compiledPlan(text),
      schedule: schedule(MINUTE, MINUTE, 'enqueued'),
      events: [late],
      delivery: 0,
    };
    expect(await difference(query)).toBeUndefined();
    const { answer } = await streamed(query);
    expect(await answer(Date.UTC(2024, 4, 2, 0, 1))).toMatchObject({ rows: [] });
  });

  it('more than 99 branches keep the order of the union', async () => {
    const legs = Array.from({ length: 120 }, (_, i) => `(T | extend leg = ${i})`);
    const text = `union ${legs.join(', ')} | summarize legs = make_list(leg)`;
    const query = { plan: compiledPlan(text), schedule: schedule(HOUR, HOUR), events: PAIR, delivery: 0 };
    expect(await difference(query)).toBeUndefined();
  });

  it('a bound that would need too many panes is left to the flush, with the filters beside it run early', async () => {
    const text = 'T | where b == 1 | where TimeGenerated > ago(61m) | summarize count() by a';
    const query = { plan: compiledPlan(text), schedule: schedule(DAY, 14 * DAY), events: PAIR, delivery: 1 };
    expect(await difference(query)).toBeUndefined();
    const { split } = await streamed({ ...query, events: [] });
    expect(split.paneMs).toBe(DAY);
    expect(JSON.stringify(split.legs[0]!.branches[0]!.ops)).toContain('"b"');
  });
});
