import Decimal from 'decimal.js';
import { checkedDecimal, Decimal128 } from '../../values/decimal';
import { normLong } from '../../values/long';
import { defineFunction } from '../define';
import { roundReal } from '../support/rounding';

/** Half away from zero; a negative precision rounds to tens, hundreds …; keeps the type of its argument. */
export const round = defineFunction({
  name: 'round',
  docs: 'round-function',
  params: ['number', 'long'],
  optional: 1,
  returns: ([value]) => value!.type,
  bind([value]) {
    switch (value!.type) {
      case 'real':
        return (x: number, places: number | bigint = 0) => roundReal(x, Number(places));
      case 'decimal':
        return (x: Decimal, places: number | bigint = 0) => roundDecimal(x, Number(places));
      default:
        return (x: number | bigint, places: number | bigint = 0) => roundLong(x, Number(places));
    }
  },
});

function roundDecimal(value: Decimal, places: number): Decimal | null {
  if (places >= 0) return value.toDecimalPlaces(Math.min(places, 100), Decimal.ROUND_HALF_UP);
  const scale = new Decimal128(10).pow(Math.min(-places, 100));
  return checkedDecimal(new Decimal128(value).div(scale).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).times(scale));
}

function roundLong(value: number | bigint, places: number): number | bigint {
  if (places >= 0) return value;
  if (places < -19) return 0;
  const scale = 10n ** BigInt(-places);
  const exact = BigInt(value);
  const half = exact < 0n ? -(scale / 2n) : scale / 2n;
  return normLong(((exact + half) / scale) * scale);
}
