const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** A long in its normal form: number when safe, bigint beyond 2^53; wraps at 64 bits as two's complement does. */
export function normLong(value: number | bigint): number | bigint {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? value + 0 : normLong(BigInt(Math.trunc(value)));
  }
  const wrapped = value < MIN || value > MAX ? BigInt.asIntN(64, value) : value;
  return wrapped >= -9007199254740991n && wrapped <= 9007199254740991n ? Number(wrapped) : wrapped;
}

/** Whether an integer fits 64 bits. */
export const fitsLong = (value: bigint): boolean => value >= MIN && value <= MAX;

export function addLong(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return normLong(BigInt(a) + BigInt(b));
}

export function subLong(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return normLong(BigInt(a) - BigInt(b));
}

export function mulLong(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return normLong(BigInt(a) * BigInt(b));
}

/** Integer division, truncating; null for a zero divisor. */
export function divLong(a: number | bigint, b: number | bigint): number | bigint | null {
  if (b === 0) return null;
  if (typeof a === 'number' && typeof b === 'number') return Math.trunc(a / b) + 0;
  return normLong(BigInt(a) / BigInt(b));
}

/** The remainder, never negative for any divisor (-14 % 12 = 10); null for zero. */
export function modLong(a: number | bigint, b: number | bigint): number | bigint | null {
  if (b === 0) return null;
  if (typeof a === 'number' && typeof b === 'number') {
    const rest = a % b;
    return (rest < 0 ? rest + Math.abs(b) : rest) + 0;
  }
  const divisor = BigInt(b) < 0n ? -BigInt(b) : BigInt(b);
  const rest = BigInt(a) % divisor;
  return normLong(rest < 0n ? rest + divisor : rest);
}
