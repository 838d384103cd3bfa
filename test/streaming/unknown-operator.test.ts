import {
  createGraph,
  normalizeUnions,
  type Op,
  opText,
  type Pipeline,
  prunePlan,
  resultKeys,
  type Schema,
  staysEmpty,
  stringifyJson,
  type Value,
} from '../../src/kql';
import type { Operator } from '../../src/kql/operators/define';
import { registerOperator } from '../../src/kql/operators/registry';
import type { RowOperator } from '../../src/kql/prepared';
import { whyNotEarly } from '../../src/streaming/growth';
import { requirementsOf } from '../../src/streaming/requirements';
import { sharedPart } from '../../src/streaming/shared-part';
import { splitPlan } from '../../src/streaming/split';
import type { StreamPlan } from '../../src/streaming/stream-plan';
import { compareWindows, compiledPlan, HOUR, MINUTE, type StreamEvent, schedule } from '../support/stream';

/** `all`: the cells of a row, and how old it is when it is looked at. A row operator whose result hangs on the window's end. */
const rowsOf = (schema: Schema): RowOperator => {
  const time = schema.findIndex(({ name }) => name === 'TimeGenerated');
  return {
    kind: 'row',
    schema: [...schema, { name: 'all', type: 'string' }],
    map(row, { now }) {
      const age: Value = typeof row[time] === 'bigint' ? now - row[time] : null;
      return [...row, stringifyJson([...row, age].map(String))];
    },
  };
};

/** Nothing but a name and how it is bound: what somebody writes who has not heard of streams. */
const MADE_UP = {
  seen: { name: 'seen', prepare: (_: unknown, schema: Schema) => rowsOf(schema) },
  /** All rows but those that are equal to the one before. */
  changed: {
    name: 'changed',
    prepare: (_: unknown, schema: Schema) => ({
      kind: 'table',
      schema,
      run: (rows) => rows.filter((row, i) => i === 0 || String(row.slice(1)) !== String(rows[i - 1]!.slice(1))),
    }),
  },
  /** Holds a query where nobody would look for one. */
  counted: {
    name: 'counted',
    prepare(node: unknown, schema: Schema, bind) {
      const expr = bind.expr((node as typeof COUNTED).deep.list[0]!.value, schema);
      return {
        kind: 'row',
        schema: [...schema, { name: 'n', type: expr.type }],
        map: (row, runtime) => [...row, expr.eval(row, runtime)],
      };
    },
  },
} satisfies Record<string, { readonly name: string; prepare: Operator['prepare'] }>;

const op = (node: { readonly op: string }): Op => node as unknown as Op;
const COUNTED = {
  op: 'counted',
  deep: {
    list: [{ value: { k: 'toscalar', plan: compiledPlan('Event | where EventID == 1 | summarize count()') } as const }],
  },
};

let remove: (() => void)[] = [];
beforeAll(() => {
  remove = Object.values(MADE_UP).map(registerOperator);
});
afterAll(() => {
  for (const undo of remove) undo();
});

/** The query with the operator wherever `take 4711` stands. */
function withOperator(query: string, node: Op): Pipeline {
  const swap = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(swap);
    if (typeof part !== 'object' || part === null) return part;
    if ('op' in part && part.op === 'take' && JSON.stringify(part).includes('4711')) return node;
    return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, swap(value)]));
  };
  return swap(compiledPlan(query)) as Pipeline;
}

const split = (plan: Pipeline): StreamPlan =>
  splitPlan(prunePlan(normalizeUnions(plan)), { frequencyMs: HOUR, periodMs: HOUR, timeBasis: 'event' });

const EVENTS: StreamEvent[] = Array.from({ length: 24 }, (_, i) => ({
  table: 'Event',
  fields: {
    TimeGenerated: new Date(Date.UTC(2026, 0, 2) + i * 7 * MINUTE).toISOString(),
    Source: 'Sysmon',
    EventLog: `log${i % 2}`,
    EventID: 1 + (i % 3),
    EventData: i % 5 === 0 ? 'needle' : 'hay',
    Computer: `pc${i % 4}`,
  },
}));

const NODES: [string, Op][] = [
  ['of one row', op({ op: 'seen' })],
  ['of all rows', op({ op: 'changed' })],
  ['with a query inside', op(COUNTED)],
];

describe.each(NODES)('an operator %s, of which nothing is known', (_, node) => {
  it('is not run on arrival, and nothing that follows it', () => {
    const { legs, flush } = split(
      withOperator('Event | where EventID == 1 | take 4711 | where EventData has "needle" | extend x = 1', node),
    );
    expect(legs[0]!.branches[0]!.ops.map((each) => each.op)).toEqual(['where']);
    expect(flush.ops.map((each) => each.op)).toEqual([node.op, 'where', 'extend']);
    const graph = createGraph([], []);
    expect(sharedPart([node], graph.columns, graph).operators).toBe(0);
  });

  it('does not move into the legs of a union', () => {
    const { legs, flush } = split(
      withOperator('union (Event | where EventID == 1), (Event | where EventID == 2) | take 4711 | count', node),
    );
    for (const leg of legs.slice(0, 2)) expect(leg.branches[0]!.ops.map((each) => each.op)).toEqual(['where']);
    expect(flush.ops.map((each) => each.op)).toEqual([node.op, 'count']);
  });

  it('keeps what it stands inside of from running on arrival', () => {
    const list = 'datatable(TimeGenerated:datetime, Computer:string)[datetime(2020-01-01), "pc1"]';
    for (const query of [
      'Event | mv-apply e = pack_array(EventData) on (take 4711 | where e has "x")',
      `Event | where Computer in ((${list} | take 4711 | project Computer))`,
    ]) {
      const { legs, flush } = split(withOperator(query, node));
      expect(legs[0]!.branches[0]!.ops).toEqual([]);
      expect(JSON.stringify(flush)).toContain(`"op":"${node.op}"`);
    }
  });

  it('has all columns of its input', () => {
    const { legs } = split(withOperator('Event | where EventID == 1 | take 4711 | project Computer', node));
    expect(legs[0]!.columns.map(({ name }) => name).sort()).toEqual(
      ['Computer', 'EventData', 'EventID', 'EventLog', 'Source', 'TimeGenerated'].sort(),
    );
  });

  it('alerts early in no rule', () => {
    const stream = split(withOperator('Event | where EventID == 1 | take 4711', node));
    expect(whyNotEarly(stream, { operator: 'GreaterThan' })).toBe(`'${node.op}' can lose rows to more events`);
  });

  it('lets nothing be concluded past it of what an event must contain', () => {
    const plan = withOperator('Event | where EventID == 1 | take 4711 | where EventData has "needle"', node);
    const branch = { table: 'Event', columns: (plan.source as { columns: Schema }).columns, ops: plan.ops };
    expect(requirementsOf(branch)).toEqual([
      { kind: 'table', name: 'Event' },
      { kind: 'number', column: 'EventID', values: [1] },
    ]);
  });

  it('lets no bound on the time be decided by panes', () => {
    const { flush } = split(withOperator('Event | take 4711 | where TimeGenerated > ago(10m)', node));
    expect(flush.source).not.toHaveProperty('within');
    expect(flush.ops.map((each) => each.op)).toEqual([node.op, 'where']);
  });

  it('may make rows of nothing, and lose what tells rows apart', () => {
    const plan = withOperator('Event | summarize count() by Computer | take 4711', node);
    expect(staysEmpty(plan, () => true)).toBe(false);
    expect(resultKeys(plan)).toBeUndefined();
    expect(opText(node)).toBe(node.op);
  });

  it.each([
    'Event | where EventID < 3 | take 4711 | where EventData contains "a" and TimeGenerated > ago(40m) | project-away EventLog',
    'Event | take 4711 | summarize n = count(), newest = max(TimeGenerated) by EventID, EventLog',
    'union (Event | where EventID == 1), (Event | where EventID == 2 | extend Source = "two") | take 4711 | sort by TimeGenerated asc, EventID asc',
    'Event | extend l = toscalar(Event | count) | where l > 2 | take 4711 | where EventID == 2',
    'Event | where EventID == 1 | join kind=inner (Event | take 4711 | distinct Computer) on Computer | project TimeGenerated, Computer',
    'Event | where Computer in ((Event | where EventID == 3 | take 4711 | project Computer)) | project TimeGenerated, Computer',
    'Event | mv-apply e = pack_array(EventData, Computer) to typeof(string) on (take 4711 | where e contains "a" or e contains "c")',
  ])('gives on a stream what it gives in a batch: %s', async (query) => {
    const plan = withOperator(query, node);
    const { windows } = await compareWindows({
      plan,
      schedule: schedule(HOUR, 2 * HOUR, 'event'),
      events: EVENTS,
      delivery: 20260102,
    });
    expect(windows.length).toBeGreaterThan(3);
    expect(windows.some(({ batch }) => 'rows' in batch && batch.rows.length > 0)).toBe(true);
    for (const { batch, stream } of windows) expect(stream).toEqual(batch);
  });
});
