import { invalid } from '../../errors';
import { compareValues } from '../../values/compare';
import { convert } from '../../values/convert';
import { TICKS_PER_HOUR } from '../../values/datetime';
import { dynamicReal } from '../../values/json';
import { addLong } from '../../values/long';
import { type Dynamic, DynamicScalar, type ScalarType, type Value } from '../../values/types';
import { type ArgInfo, defineFunction } from '../define';
import { MAX_ARRAY } from './support/arrays';

type Kind = 'long' | 'real' | 'datetime' | 'timespan';

function kindOf(args: readonly ArgInfo[]): Kind {
  const types = args.map(({ type }): ScalarType => type);
  if (types[0] === 'datetime' || types[1] === 'datetime') return 'datetime';
  if (types.includes('timespan')) return 'timespan';
  if (types.includes('real') || types.includes('decimal')) return 'real';
  if (types.some((type) => type === 'bool' || type === 'guid'))
    throw invalid('range() takes numbers, datetimes or timespans');
  return 'long';
}

/** From start to stop, both possible; at most 1,048,576 items, cut there; null for a step of 0. */
function fill<T extends number | bigint>(
  start: T,
  stop: T,
  step: T,
  at: (i: number, previous: T) => T,
  item: (value: T) => Dynamic,
): Dynamic[] | null {
  const direction = compareValues(step, 0);
  if (direction === 0 || Number.isNaN(step)) return null;
  const items: Dynamic[] = [];
  let value = start;
  for (let i = 0; i < MAX_ARRAY && compareValues(value, stop) * direction <= 0; i++) {
    items.push(item(value));
    value = at(i + 1, value);
  }
  return items;
}

export const range = defineFunction({
  name: 'range',
  docs: 'range-function',
  params: ['any', 'any', 'any'],
  optional: 1,
  returns: 'dynamic',
  bind: (args) => {
    const kind = kindOf(args);
    const stepType = kind === 'datetime' ? 'timespan' : kind;
    const defaultStep = kind === 'long' || kind === 'real' ? 1 : TICKS_PER_HOUR;
    return (from: Value, to: Value, by?: Value) => {
      const start = convert(from, args[0]!.type, kind);
      const stop = convert(to, args[1]!.type, kind);
      const step = by === undefined ? defaultStep : convert(by, args[2]!.type, stepType);
      if (start === null || stop === null || step === null) return null;
      switch (kind) {
        case 'long': {
          const s = step as number | bigint;
          return fill(
            start as number | bigint,
            stop as number | bigint,
            s,
            (_, value) => addLong(value, s),
            (value) => value,
          );
        }
        case 'real': {
          // Multiplied, not added up: the error of a sum would grow with every item.
          const [a, s] = [start as number, step as number];
          return fill(a, stop as number, s, (i) => a + i * s, dynamicReal);
        }
        default: {
          const s = step as bigint;
          return fill(
            start as bigint,
            stop as bigint,
            s,
            (_, value) => value + s,
            (ticks) => new DynamicScalar(kind, ticks),
          );
        }
      }
    };
  },
});
