import Decimal from 'decimal.js';
import fc from 'fast-check';
import {
  aggregateNames,
  type Dynamic,
  DynamicScalar,
  dynamicReal,
  type Encoded,
  encodeValue,
  findAggregate,
  type ScalarType,
  type Value,
} from '../../../src/kql';
import type { BoundAggregate, Order } from '../../../src/kql/aggregates/define';
import type { ArgInfo } from '../../../src/kql/functions/define';
import { normLong } from '../../../src/kql/values/long';

const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { freq: 6, nil: null });

const VALUES: Record<ScalarType, fc.Arbitrary<Value>> = {
  bool: orNull(fc.boolean()),
  int: orNull(fc.integer()),
  long: orNull(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(normLong))),
  real: orNull(fc.oneof(fc.double(), fc.constantFrom(0, -0, 0.1, 1e308, -1e308, 5e-324), fc.integer())),
  decimal: orNull(fc.tuple(fc.integer(), fc.integer({ min: 0, max: 12 })).map(([n, e]) => new Decimal(n).div(10 ** e))),
  string: fc.constantFrom('', 'a', 'b', 'B', 'é', '__proto__'),
  datetime: orNull(fc.bigInt(0n, 3_155_378_975_999_999_999n)),
  timespan: orNull(fc.bigInt(-(2n ** 40n), 2n ** 40n)),
  guid: orNull(fc.uuid()),
  dynamic: orNull(
    fc.oneof(
      fc.integer({ min: 0, max: 9 }),
      fc.constantFrom<Dynamic[]>('x', 'y', true, dynamicReal(2), new DynamicScalar('timespan', 5n), 2n ** 60n),
      fc.array(fc.constantFrom<Dynamic[]>(1, 'x', null, ['x']), { maxLength: 3 }),
      fc.uint8Array({ minLength: 8, maxLength: 8 }).map((key) => ['hll', 14, 'e', Buffer.from(key).toString('base64')]),
      fc.integer().map((n) => ['tdigest', 'long', 0, n, 1]),
      fc
        .dictionary(fc.constantFrom('k', 'l', '__proto__'), fc.integer({ min: 0, max: 3 }))
        .map((bag) => new Map(Object.entries(bag))),
    ),
  ),
};

const arg = (type: ScalarType): ArgInfo => ({ type, constant: false, value: null });
const constant = (value: Value, type: ScalarType): ArgInfo => ({ type, constant: true, value });

const SUMMED: readonly ScalarType[] = ['int', 'long', 'real', 'decimal', 'timespan'];
const ORDERED: readonly ScalarType[] = [...SUMMED, 'bool', 'string', 'datetime'];
const ANY: readonly ScalarType[] = [...ORDERED, 'guid', 'dynamic'];
const each = (types: readonly ScalarType[], ...more: ArgInfo[]): ArgInfo[][] =>
  types.map((type) => [arg(type), ...more]);
const BOOL = arg('bool');
const PERCENTILES = [constant(0, 'long'), constant(33.3, 'real'), constant(100, 'long')];
const POINTED: readonly ScalarType[] = ['int', 'long', 'real', 'decimal', 'timespan', 'datetime'];

/** For each aggregate the argument lists it is tried with. */
const SIGNATURES: Record<string, ArgInfo[][]> = {
  count: [[]],
  countif: [[BOOL]],
  sum: each([...SUMMED, 'dynamic']),
  sumif: each(SUMMED, BOOL),
  avg: each([...SUMMED, 'datetime', 'dynamic']),
  avgif: each(SUMMED, BOOL),
  min: each(ORDERED),
  minif: each(ORDERED, BOOL),
  max: each(ORDERED),
  maxif: each(ORDERED, BOOL),
  stdev: each(SUMMED),
  stdevif: each(SUMMED, BOOL),
  stdevp: each(SUMMED),
  variance: each(SUMMED),
  varianceif: each(SUMMED, BOOL),
  variancep: each(SUMMED),
  variancepif: each(SUMMED, BOOL),
  covariance: [[arg('real'), arg('long')]],
  covarianceif: [[arg('real'), arg('long'), BOOL]],
  covariancep: [[arg('real'), arg('real')]],
  covariancepif: [[arg('long'), arg('long'), BOOL]],
  dcount: each(ANY),
  dcountif: each(ANY, BOOL),
  count_distinct: each(ANY),
  count_distinctif: each(ANY, BOOL),
  hll: [...each(ANY), [arg('string'), constant(0, 'long')]],
  hll_if: each(ANY, BOOL),
  hll_merge: [[arg('dynamic')]],
  tdigest: [...each(POINTED), ...each(POINTED, arg('int'))],
  tdigest_merge: [[arg('dynamic')]],
  make_set: [...each(ANY), [arg('dynamic'), constant(2, 'long')]],
  make_set_if: [...each(ANY, BOOL), [arg('string'), BOOL, constant(2, 'long')]],
  makeset: each(ANY),
  make_list: [...each(ANY), [arg('real'), constant(3, 'long')]],
  make_list_if: [...each(ANY, BOOL), [arg('real'), BOOL, constant(3, 'long')]],
  makelist: each(ANY),
  make_list_with_nulls: each(ANY),
  buildschema: [[arg('dynamic')]],
  make_bag: [[arg('dynamic')], [arg('dynamic'), constant(1, 'long')]],
  make_bag_if: [[arg('dynamic'), BOOL]],
  arg_max: [...each(ORDERED, arg('string'), arg('dynamic')), [arg('long')]],
  arg_min: [...each(ORDERED, arg('string'), arg('dynamic')), [arg('long')]],
  take_any: [...each(ANY), [arg('string'), arg('long')]],
  take_anyif: each(ANY, BOOL),
  percentile: each(POINTED, PERCENTILES[1]!),
  percentiles: each(POINTED, ...PERCENTILES),
  percentiles_array: [...each(POINTED, ...PERCENTILES), [arg('long'), constant([0, 50, 99.9], 'dynamic')]],
  percentilew: each(POINTED, arg('int'), PERCENTILES[1]!),
  percentilesw: each(POINTED, arg('int'), ...PERCENTILES),
  percentilesw_array: each(POINTED, arg('int'), ...PERCENTILES),
  binary_all_and: each(['int', 'long']),
  binary_all_or: each(['int', 'long']),
  binary_all_xor: each(['int', 'long']),
};
const ALIASES: Record<string, string> = {
  cnt: 'count',
  any: 'take_any',
  anyif: 'take_anyif',
  argmax: 'arg_max',
  argmin: 'arg_min',
  make_dictionary: 'make_bag',
  merge_tdigest: 'tdigest_merge',
  merge_tdigests: 'tdigest_merge',
};

interface Event {
  order: Order;
  values: Value[];
  part: number;
}

const events = (args: readonly ArgInfo[]): fc.Arbitrary<Event[]> =>
  fc
    .array(
      fc.record({
        values: fc.tuple(...args.map((info) => (info.constant ? fc.constant(info.value) : VALUES[info.type]))),
        part: fc.nat({ max: 3 }),
      }),
      { maxLength: 40 },
    )
    .chain((rows) =>
      fc
        .tuple(fc.shuffledSubarray([...rows.keys()], { minLength: rows.length }), fc.boolean())
        .map(([order, text]) =>
          rows.map((row, i) => ({ ...row, order: text ? String(order[i]).padStart(4, '0') : order[i]! })),
        ),
    );

function answer(bound: BoundAggregate, types: readonly ScalarType[], state: unknown): Encoded[] {
  return bound.result(state).map((value, i) => encodeValue(value, types[i]!));
}

const reloaded = (bound: BoundAggregate, state: unknown): unknown =>
  bound.load(JSON.parse(JSON.stringify(bound.save(state))) as Encoded);

describe('every aggregate merges in any order to what one pass gives', () => {
  it('is tried below', () => {
    expect([...Object.keys(SIGNATURES), ...Object.keys(ALIASES)].sort()).toEqual(aggregateNames().sort());
    for (const [alias, name] of Object.entries(ALIASES)) expect(findAggregate(alias)).toBe(findAggregate(name));
  });

  it.each(Object.keys(SIGNATURES))('%s', (name) => {
    const definition = findAggregate(name)!;
    for (const args of SIGNATURES[name]!) {
      const bound = definition.bind(args) as BoundAggregate;
      const types = definition.returns(args);
      fc.assert(
        fc.property(events(args), fc.boolean(), fc.boolean(), (rows, backwards, store) => {
          const whole = bound.init();
          for (const { values, order } of rows) bound.add(whole, values, order);
          const parts = [0, 1, 2, 3].map(() => bound.init());
          for (const { values, order, part } of [...rows].reverse()) bound.add(parts[part], values, order);
          const kept = store ? parts.map((part) => reloaded(bound, part)) : parts;
          if (backwards) kept.reverse();
          const left = bound.init();
          bound.merge(left, kept[0]);
          bound.merge(left, kept[1]);
          const right = kept[2];
          bound.merge(right, kept[3]);
          bound.merge(left, right);
          expect(answer(bound, types, left)).toEqual(answer(bound, types, whole));
          expect(answer(bound, types, reloaded(bound, whole))).toEqual(answer(bound, types, whole));
        }),
        { numRuns: 25 },
      );
    }
  });
});
