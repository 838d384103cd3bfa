import Decimal from 'decimal.js';
import { invalid } from '../../errors';
import type { Encoded } from '../../values/codec';
import type { Dynamic, ScalarType, Value } from '../../values/types';
import type { BoundAggregate } from '../define';
import { ratioToReal, UNIT_EXPONENT } from './exact-real';
import { ExactSum } from './exact-sum';
import { numberOf } from './summable';

/** Exact sums of two variables' values and of their product. */
interface Moments {
  n: number;
  x: ExactSum;
  y: ExactSum;
  xy: ExactSum;
}

/** A cell as a real; null where it is null. */
function toNumber(value: Value, type: ScalarType): number | null {
  if (value === null) return null;
  if (type === 'dynamic') return numberOf(value as Dynamic);
  return value instanceof Decimal ? value.toNumber() : Number(value);
}

const SUMMABLE: ReadonlySet<ScalarType> = new Set([
  'int',
  'long',
  'real',
  'decimal',
  'timespan',
  'datetime',
  'dynamic',
]);

/**
 * Covariance of two arguments, or variance of one, without rounding on the way. `sample`: divided by n - 1, else by n. 0 where there are
 * too few values.
 */
export function moments(
  name: string,
  types: readonly ScalarType[],
  options: { readonly sample: boolean; readonly root: boolean },
): BoundAggregate<Moments> {
  for (const type of types) if (!SUMMABLE.has(type)) throw invalid(`${name}() cannot take values of type ${type}`);
  const one = types.length === 1;
  return {
    init: () => ({ n: 0, x: new ExactSum(), y: new ExactSum(), xy: new ExactSum(2) }),
    add(state, values) {
      const x = toNumber(values[0]!, types[0]!);
      const y = one ? x : toNumber(values[1]!, types[1]!);
      if (x === null || y === null) return;
      state.n++;
      state.x.add(x);
      if (!one) state.y.add(y);
      state.xy.add(x, y);
    },
    merge(into, other) {
      into.n += other.n;
      into.x.merge(other.x);
      into.y.merge(other.y);
      into.xy.merge(other.xy);
    },
    result(state) {
      const { n, x, xy } = state;
      const y = one ? x : state.y;
      const divisor = options.sample ? n - 1 : n;
      if (divisor <= 0) return [0];
      if (x.special !== undefined || y.special !== undefined || xy.special !== undefined) return [Number.NaN];
      const value = ratioToReal(
        BigInt(n) * xy.exact - x.exact * y.exact,
        BigInt(n) * BigInt(divisor),
        2 * UNIT_EXPONENT,
      );
      return [options.root ? Math.sqrt(value) : value];
    },
    save: (state) => [state.n, state.x.save(), one ? null : state.y.save(), state.xy.save()],
    load(saved) {
      const [n, x, y, xy] = saved as [number, Encoded, Encoded, Encoded];
      return {
        n,
        x: ExactSum.load(x),
        y: y === null ? new ExactSum() : ExactSum.load(y),
        xy: ExactSum.load(xy, 2),
      };
    },
  };
}
