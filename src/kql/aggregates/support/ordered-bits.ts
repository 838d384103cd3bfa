const bits = new DataView(new ArrayBuffer(8));

/** The bits of a real as an integer that sorts as the reals do: the distance of neighbours is 1. */
export function orderedBits(value: number): bigint {
  bits.setFloat64(0, value === 0 ? 0 : value);
  const raw = bits.getBigInt64(0);
  return raw >= 0n ? raw : -(raw & 0x7fffffffffffffffn);
}
