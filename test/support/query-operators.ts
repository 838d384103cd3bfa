import {
  anyColumn,
  bag,
  name,
  number,
  plainColumn,
  predicate,
  type Scope,
  scalar,
  text,
  time,
  timeBound,
} from './query-expressions';

/** What an operator may use besides its row. */
export interface OperatorScope extends Scope {
  /** A query in parentheses. */
  readonly table: () => string;
}

type Make = (scope: OperatorScope) => string;

const column: Make = (s) => anyColumn(s) ?? '1';
const columns = (s: OperatorScope, most = 3): string[] => {
  const shuffled = s.random.shuffled(s.columns).map(name);
  return shuffled.slice(0, 1 + s.random.below(most));
};

/** Every aggregate that is registered, with arguments. */
export const AGGREGATES: readonly Make[] = [
  () => 'count()',
  (s) => `countif(${predicate(s, 0)})`,
  (s) => `dcount(${column(s)})`,
  (s) => `dcountif(${column(s)}, ${predicate(s, 0)})`,
  (s) => `count_distinct(${column(s)})`,
  (s) => `count_distinctif(${column(s)}, ${predicate(s, 0)})`,
  (s) => `sum(${number(s)})`,
  (s) => `sumif(${number(s)}, ${predicate(s, 0)})`,
  (s) => `avg(${number(s)})`,
  (s) => `avgif(${number(s)}, ${predicate(s, 0)})`,
  (s) => `min(${s.random.pick([number, time, text])(s)})`,
  (s) => `max(${s.random.pick([number, time, text])(s)})`,
  (s) => `minif(${number(s)}, ${predicate(s, 0)})`,
  (s) => `maxif(${time(s)}, ${predicate(s, 0)})`,
  (s) => `make_list(${column(s)})`,
  (s) => `make_list(${column(s)}, 2)`,
  (s) => `make_list_if(${column(s)}, ${predicate(s, 0)})`,
  (s) => `make_list_with_nulls(${column(s)})`,
  (s) => `make_set(${column(s)})`,
  (s) => `make_set(${column(s)}, 2)`,
  (s) => `make_set_if(${column(s)}, ${predicate(s, 0)})`,
  (s) => `make_bag(${bag(s)})`,
  (s) => `make_bag_if(${bag(s)}, ${predicate(s, 0)})`,
  (s) => `arg_max(${s.random.pick([number, time, text])(s)}, *)`,
  (s) => `arg_min(${s.random.pick([number, time, text])(s)}, *)`,
  (s) => `arg_max(${s.random.pick([number, time])(s)}, ${column(s)})`,
  (s) => `arg_min(${s.random.pick([number, time])(s)}, ${column(s)})`,
  (s) => `take_any(${column(s)})`,
  () => 'take_any(*)',
  (s) => `take_anyif(${column(s)}, ${predicate(s, 0)})`,
  (s) => `any(${column(s)})`,
  (s) => `percentile(${number(s)}, 50)`,
  (s) => `percentiles(${number(s)}, 10, 90)`,
  (s) => `percentiles_array(${number(s)}, 10, 90)`,
  (s) => `percentilew(${number(s)}, 2, 50)`,
  (s) => `stdev(${number(s)})`,
  (s) => `stdevif(${number(s)}, ${predicate(s, 0)})`,
  (s) => `stdevp(${number(s)})`,
  (s) => `variance(${number(s)})`,
  (s) => `varianceif(${number(s)}, ${predicate(s, 0)})`,
  (s) => `variancep(${number(s)})`,
  (s) => `covariance(${number(s)}, ${number(s)})`,
  (s) => `binary_all_and(tolong(${number(s)}))`,
  (s) => `binary_all_or(tolong(${number(s)}))`,
  (s) => `binary_all_xor(tolong(${number(s)}))`,
];

const groupKey: Make = (s) =>
  s.random.pick<Make>([
    (x) => plainColumn(x) ?? '1',
    (x) => plainColumn(x) ?? '1',
    column,
    (x) =>
      `bin(${x.columns.some((c) => c.name === 'TimeGenerated') ? 'TimeGenerated' : time(x, 0)}, ${x.random.pick(['1h', '5m', '1d'])})`,
    (x) => `key${x.random.below(3)} = tolower(${text(x, 0)})`,
    (x) => `bin(${number(x, 0)}, 2)`,
  ])(s);

export const summarize: Make = (s) => {
  const aggregates = Array.from({ length: s.random.below(4) }, (_, i) => {
    const call = s.random.pick(AGGREGATES)(s);
    return call.includes('*') || call.startsWith('percentiles(') ? call : `n${i} = ${call}`;
  });
  const keys = Array.from({ length: s.random.below(3) }, () => groupKey(s));
  if (aggregates.length + keys.length === 0) return 'summarize count()';
  const by = keys.length > 0 ? ` by ${[...new Set(keys)].join(', ')}` : '';
  return `summarize ${aggregates.join(', ')}${by}`;
};

const JOINS = [
  'innerunique',
  'inner',
  'leftouter',
  'rightouter',
  'fullouter',
  'leftsemi',
  'rightsemi',
  'leftanti',
  'rightanti',
];

const join: Make = (s) => {
  const kind = s.random.chance(15) ? '' : `kind=${s.random.pick(JOINS)} `;
  const key = s.columns.some((c) => c.name === 'a') ? 'a' : column(s);
  const on = s.random.chance(60) ? key : `$left.${key} == $right.a`;
  const within =
    s.random.chance(25) && s.columns.some((c) => c.name === 'TimeGenerated')
      ? ' | where TimeGenerated1 - TimeGenerated between (0m .. 30m)'
      : '';
  return `join ${kind}(${s.table()}) on ${on}${within}`;
};

const union: Make = (s) => {
  const options = s.random.pick(['', '', 'kind=inner ', 'withsource=src ', 'isfuzzy=true ']);
  const tables = Array.from({ length: 1 + s.random.below(2) }, () => `(${s.table()})`);
  return `union ${options}${tables.join(', ')}`;
};

const parse: Make = (s) => {
  const kind = s.random.pick(['', 'kind=relaxed ', 'kind=regex ']);
  const verb = s.random.pick(['parse', 'parse', 'parse-where']);
  const pattern = s.random.pick([
    '* "=" p1:string ";" * "=" p2',
    'p1 " " *',
    '* "v=" p1:long',
    '"k" * "=" a:string ";" *',
  ]);
  return `${verb} ${kind}${text(s, 0)} with ${pattern}`;
};

const mvExpand: Make = (s) =>
  s.random.pick<Make>([
    (x) => `mv-expand ${bagColumn(x)}`,
    (x) => `mv-expand item = ${bag(x)} to typeof(string)`,
    (x) => `mv-expand with_itemindex=at item = ${bag(x)} limit 2`,
    (x) => `mv-expand bagexpansion=array item = ${bag(x)}, other = ${bag(x)}`,
  ])(s);

const bagColumn: Make = (s) => {
  const known = s.columns.filter(({ type }) => type === 'dynamic');
  return known.length > 0 ? name(s.random.pick(known)) : `item = ${bag(s)}`;
};

const mvApply: Make = (s) =>
  s.random.pick<Make>([
    (x) => `mv-apply item = ${bag(x)} to typeof(string) on (where item contains "x" | take 1)`,
    (x) => `mv-apply item = ${bag(x)} on (summarize items = count(), most = max(tostring(item)))`,
    (x) => `mv-apply with_itemindex=at item = ${bag(x)} on (top 1 by at desc)`,
    (x) => `mv-apply item = ${bag(x)} on (extend later = now() | where isnotempty(item))`,
  ])(s);

const windowed: Make = (s) => {
  const order = s.random.pick([() => 'serialize', () => `sort by ${columns(s, 2).join(' asc, ')} desc`])();
  const call = s.random.pick<Make>([
    () => 'row_number()',
    (x) => `row_number(1, prev(${column(x)}) != ${column(x)})`,
    (x) => `prev(${column(x)})`,
    (x) => `next(${column(x)}, 1)`,
    (x) => `row_cumsum(tolong(${number(x, 0)}))`,
    (x) => `row_rank_dense(${number(x, 0)})`,
    (x) =>
      `row_window_session(${x.columns.some((c) => c.name === 'TimeGenerated') ? 'TimeGenerated' : 'now()'}, 1h, 5m, false)`,
  ])(s);
  return `${order} | extend rn = ${call}`;
};

const makeSeries: Make = (s) => {
  const axis = s.columns.some((c) => c.name === 'TimeGenerated') ? 'TimeGenerated' : time(s, 0);
  const range = s.random.pick([
    '',
    ' from ago(2h) to now()',
    ' from datetime(2024-05-01) to datetime(2024-05-01T06:00:00Z)',
  ]);
  const by = s.random.chance(50) ? ` by ${plainColumn(s) ?? '1'}` : '';
  return `make-series n = ${s.random.pick(['count()', `sum(${number(s, 0)})`, `make_list(${column(s)})`.replace('make_list', 'max')])} on ${axis}${range} step ${s.random.pick(['1h', '30m'])}${by}`;
};

const searched: Make = (s) =>
  s.random.pick(['"x"', '"foo*"', '"*o"', 'a:"x"', 's:"foo"', `(${predicate(s, 0)})`, '"k*v"']);

/** Every operator that is streamed, the more often the more rules use it. */
export const OPERATORS: readonly (readonly [weight: number, make: Make])[] = [
  [6, (s) => `where ${predicate(s)}`],
  [3, (s) => `where ${timeBound(s)}`],
  [4, (s) => `extend e${s.random.below(3)} = ${scalar(s)}`],
  [1, (s) => `extend TimeGenerated = ${time(s, 1)}`],
  [1, (s) => `extend ${column(s)} = ${scalar(s)}, z = ${scalar(s)}`],
  [1, () => 'extend all = pack_all()'],
  [2, (s) => `project ${[...columns(s, 4), `p = ${scalar(s)}`].join(', ')}`],
  [1, (s) => `project-away ${columns(s, 2).join(', ')}`],
  [1, (s) => `project-away ${s.random.pick(['*1', 'a*', 'Time*'])}`],
  [1, (s) => `project-by-names ${columns(s, 4).reverse().join(', ')}, "None*"`],
  [1, (s) => `project-keep ${columns(s, 4).join(', ')}`],
  [1, (s) => `project-rename r${s.random.below(2)} = ${column(s)}`],
  [1, (s) => `project-reorder ${columns(s, 2).join(', ')}, * asc`],
  [2, parse],
  [1, (s) => `parse-kv ${text(s, 0)} as (k: long, v: string) with (pair_delimiter=";", kv_delimiter="=")`],
  [2, mvExpand],
  [2, mvApply],
  [
    1,
    (s) =>
      `evaluate bag_unpack(${bagColumn(s).replace(/^item = .*/, 'd')}${s.random.pick(['', ', "u_"', ', columnsConflict="keep_source"', ', columnsConflict="replace_source"'])})`,
  ],
  [
    1,
    (s) =>
      `evaluate bag_unpack(d) : (${s.random.pick(['*, k: long, x: dynamic', 'k: string, TimeGenerated: datetime'])})`,
  ],
  [
    1,
    (s) =>
      `evaluate pivot(${plainColumn(s) ?? 'a'}, ${s.random.pick(['count()', `make_list(${column(s)})`, `max(${number(s, 0)})`])}${s.random.chance(60) ? `, ${plainColumn(s) ?? 'a'}` : ''})`,
  ],
  [6, summarize],
  [1, (s) => `distinct ${s.random.chance(30) ? '*' : columns(s, 2).join(', ')}`],
  [1, () => 'count'],
  [1, (s) => `take ${1 + s.random.below(4)}`],
  [1, (s) => `top ${1 + s.random.below(3)} by ${column(s)} ${s.random.pick(['asc', 'desc', 'asc nulls last', ''])}`],
  [1, (s) => `sort by ${columns(s, 2).join(', ')}`],
  [4, join],
  [1, (s) => `lookup ${s.random.pick(['', 'kind=inner '])}(${s.table()}) on a`],
  [3, union],
  [1, makeSeries],
  [2, windowed],
  [1, () => 'getschema'],
  [
    1,
    (s) =>
      `partition by ${plainColumn(s) ?? 'a'} (${s.random.pick(['top 1 by TimeGenerated', 'count', 'take 1', 'summarize n = count() by a'])})`,
  ],
  [
    1,
    (s) =>
      `top-nested 2 of ${plainColumn(s) ?? 'a'} by ${s.random.pick(['count()', `max(${number(s, 0)})`])}, top-nested 1 of ${plainColumn(s) ?? 'a'} by count()`,
  ],
  [
    1,
    (s) =>
      `sort by TimeGenerated asc | scan declare (seen: long = 0) with (step one: true => seen = one.seen + 1; step two: ${text(s, 0)} == "x";)`,
  ],
  [1, (s) => `evaluate ipv4_lookup((${s.table()}), a, a)`],
  [
    1,
    (s) =>
      `summarize h = hll(${column(s)}), q = tdigest(${number(s, 0)})${s.random.pick(['', ' by a'])} | extend h = dcount_hll(h), q = percentile_tdigest(q, 50)`,
  ],
  [1, (s) => `as Named | union (Named | where ${predicate(s, 0)})`],
  [1, (s) => `invoke again(${s.random.below(3)})`],
  [
    1,
    (s) =>
      `search ${s.random.pick([() => searched(s), () => `${searched(s)} or ${searched(s)}`, () => `${searched(s)} and not(${searched(s)})`, () => `kind=case_sensitive ${searched(s)}`])()}`,
  ],
  [1, (s) => `where * ${s.random.pick(['has "x"', 'contains "foo"', '== "y"', 'startswith "x"'])}`],
  [1, (s) => `sample-distinct 2 of ${plainColumn(s) ?? 'a'}`],
];
