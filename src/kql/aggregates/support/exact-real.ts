/** Exact arithmetic on reals: a finite real is an integer number of units of 2^-1074. */

/** The exponent of the unit. */
export const UNIT_EXPONENT = -1074;

const bits = new DataView(new ArrayBuffer(8));

/** A finite real in units of 2^-1074. */
export function realUnits(value: number): bigint {
  bits.setFloat64(0, value);
  const high = bits.getUint32(0);
  const exponent = (high >>> 20) & 0x7ff;
  let mantissa = (high & 0xfffff) * 4294967296 + bits.getUint32(4);
  if (exponent > 0) mantissa += 4503599627370496;
  const units = BigInt(mantissa) << BigInt(Math.max(0, exponent - 1));
  return value < 0 ? -units : units;
}

/** How many bits a positive integer has. */
function bitLength(value: bigint): number {
  const hex = value.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0]!, 16)));
}

/** value × 2^exponent as the nearest real, ties to even; infinite where none is near. */
export function toReal(value: bigint, exponent: number): number {
  if (value === 0n) return 0;
  const sign = value < 0n ? -1 : 1;
  const magnitude = value < 0n ? -value : value;
  const length = bitLength(magnitude);
  // A real keeps 53 bits, and none below its unit.
  const drop = Math.max(length - 53, UNIT_EXPONENT - exponent, 0);
  let kept = magnitude;
  if (drop > 0) {
    const shift = BigInt(drop);
    kept = magnitude >> shift;
    const rest = magnitude - (kept << shift);
    const half = 1n << (shift - 1n);
    if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
  }
  const scale = exponent + drop;
  if (scale > 1023) return sign * Number.POSITIVE_INFINITY;
  // Two steps keep the power of two itself within range.
  const first = Math.max(scale, -1022);
  return sign * Number(kept) * 2 ** first * 2 ** (scale - first);
}

/** numerator / denominator × 2^exponent as the nearest real; the denominator is positive. */
export function ratioToReal(numerator: bigint, denominator: bigint, exponent: number): number {
  if (numerator === 0n) return 0;
  const magnitude = numerator < 0n ? -numerator : numerator;
  // 64 bits more than the quotient needs, and a last bit that says whether anything was cut off.
  const shift = Math.max(0, bitLength(denominator) - bitLength(magnitude) + 66);
  const scaled = magnitude << BigInt(shift);
  let quotient = (scaled / denominator) << 1n;
  if (scaled % denominator !== 0n) quotient |= 1n;
  const real = toReal(quotient, exponent - shift - 1);
  return numerator < 0n ? -real : real;
}
