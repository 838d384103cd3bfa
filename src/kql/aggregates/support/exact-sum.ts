import type { Encoded } from '../../values/codec';
import { ratioToReal, realUnits, toReal, UNIT_EXPONENT } from './exact-real';

/**
 * A sum of reals (`power` 1), or of products of two (`power` 2), kept exactly, so that it does not depend on the order of its terms.
 * Whole numbers are summed apart while they fit: most data is.
 */
export class ExactSum {
  private whole = 0;
  private units = 0n;
  private positive = false;
  private negative = false;
  private nan = false;

  constructor(private readonly power: 1 | 2 = 1) {}

  /** Adds `a` (power 1) or `a × b` (power 2). */
  add(a: number, b = 1): void {
    const product = a * b;
    const sum = this.whole + product;
    if (Number.isSafeInteger(product) && Number.isInteger(a) && Number.isInteger(b) && Number.isSafeInteger(sum)) {
      this.whole = sum;
      return;
    }
    if (!Number.isFinite(a) || !Number.isFinite(b)) {
      if (product > 0) this.positive = true;
      else if (product < 0) this.negative = true;
      else this.nan = true;
      return;
    }
    this.units += this.power === 1 ? realUnits(a) : realUnits(a) * realUnits(b);
  }

  /** Adds an integer of any size (power 1), or the product of two (power 2). */
  addInteger(value: bigint): void {
    this.units += value << BigInt(-UNIT_EXPONENT * this.power);
  }

  merge(other: ExactSum): void {
    this.units += other.units;
    const whole = this.whole + other.whole;
    if (Number.isSafeInteger(whole)) this.whole = whole;
    else this.addInteger(BigInt(other.whole));
    this.positive ||= other.positive;
    this.negative ||= other.negative;
    this.nan ||= other.nan;
  }

  /** What the sum is where a term is not finite; undefined where all are. */
  get special(): number | undefined {
    if (this.nan || (this.positive && this.negative)) return Number.NaN;
    if (this.positive) return Number.POSITIVE_INFINITY;
    return this.negative ? Number.NEGATIVE_INFINITY : undefined;
  }

  /** The finite terms' sum in units of 2^(-1074 × power). */
  get exact(): bigint {
    return this.units + (BigInt(this.whole) << BigInt(-UNIT_EXPONENT * this.power));
  }

  /** The nearest real. */
  get value(): number {
    if (this.special !== undefined) return this.special;
    return this.units === 0n ? this.whole : toReal(this.exact, UNIT_EXPONENT * this.power);
  }

  /** The sum divided by a count, as the nearest real. */
  dividedBy(count: bigint): number {
    return this.special ?? ratioToReal(this.exact, count, UNIT_EXPONENT * this.power);
  }

  /** `[whole, units in hexadecimal, power of two they are shifted by, flags]` */
  save(): Encoded {
    let shift = 0;
    let units = this.units;
    if (units !== 0n) {
      while ((units & 0xffffffffffffffffn) === 0n) {
        units >>= 64n;
        shift += 64;
      }
    }
    const flags = (this.positive ? 1 : 0) | (this.negative ? 2 : 0) | (this.nan ? 4 : 0);
    return [this.whole, units.toString(16), shift, flags];
  }

  static load(saved: Encoded, power: 1 | 2 = 1): ExactSum {
    const [whole, hex, shift, flags] = saved as [number, string, number, number];
    const sum = new ExactSum(power);
    sum.whole = whole;
    const magnitude = BigInt(`0x${hex.replace('-', '')}`) << BigInt(shift);
    sum.units = hex.startsWith('-') ? -magnitude : magnitude;
    sum.positive = (flags & 1) !== 0;
    sum.negative = (flags & 2) !== 0;
    sum.nan = (flags & 4) !== 0;
    return sum;
  }
}
