import { decodeValue, type Encoded, encodeValue } from '../../values/codec';
import { compareValues } from '../../values/compare';
import type { ScalarType, Value } from '../../values/types';
import { orderedBits } from './ordered-bits';

/** Up to so many distinct values are kept as they are. */
const MAX_BUCKETS = 10_000;

interface Bucket {
  /** The greatest value that fell in. */
  value: Value;
  weight: number;
}

/**
 * Weighted values to take percentiles of. Exact up to 10,000 distinct values; beyond it neighbours share a bucket: values whose bits, but
 * for as few low ones as will do, are equal. For numbers these are the bits of the real, so that a bucket is a relative error (2^-k with k bits
 * of mantissa left); for datetimes ticks, an absolute one. How many bits are dropped depends on the set of values alone, never on their order.
 */
export class Quantiles {
  private dropped = 0;
  private buckets = new Map<bigint, Bucket>();

  constructor(private readonly type: ScalarType) {}

  add(value: Value, weight: number): void {
    put(this.buckets, this.bits(value) >> BigInt(this.dropped), value, weight);
    if (this.buckets.size > MAX_BUCKETS) this.coarsen(this.dropped + 1);
  }

  merge(other: Quantiles): void {
    if (other.dropped > this.dropped) this.coarsen(other.dropped);
    for (const { value, weight } of other.buckets.values()) this.add(value, weight);
  }

  /** The nearest-rank percentile, 0…100; null where there are no values. */
  percentiles(percents: readonly number[]): Value[] {
    const sorted = [...this.buckets.values()].sort((a, b) => compareValues(a.value, b.value));
    const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
    return percents.map((percent) => {
      // A rank such as 99.9 % of 1,000 must not be pushed up by a rounding error.
      const rank = Math.max(1, Math.ceil((percent * total) / 100 - 1e-9));
      let seen = 0;
      for (const { value, weight } of sorted) {
        seen += weight;
        if (seen >= rank) return value;
      }
      return sorted.at(-1)?.value ?? null;
    });
  }

  /** How many values are at most this one, and how many there are. */
  rank(limit: Value): { readonly rank: number; readonly total: number } {
    let [rank, total] = [0, 0];
    for (const { value, weight } of this.buckets.values()) {
      total += weight;
      if (compareValues(value, limit) <= 0) rank += weight;
    }
    return { rank, total };
  }

  save(): Encoded {
    const sorted = [...this.buckets.values()].sort((a, b) => compareValues(a.value, b.value));
    return [this.dropped, ...sorted.flatMap(({ value, weight }) => [encodeValue(value, this.type), weight])];
  }

  static load(saved: Encoded, type: ScalarType): Quantiles {
    const result = new Quantiles(type);
    const [dropped, ...cells] = saved as [number, ...Encoded[]];
    result.dropped = dropped;
    for (let i = 0; i < cells.length; i += 2) result.add(decodeValue(cells[i]!, type), cells[i + 1] as number);
    return result;
  }

  /** Drops at least so many bits, and more until the buckets are few enough. */
  private coarsen(least: number): void {
    const before = [...this.buckets.values()];
    for (let dropped = least; ; dropped++) {
      const buckets = new Map<bigint, Bucket>();
      for (const { value, weight } of before) put(buckets, this.bits(value) >> BigInt(dropped), value, weight);
      if (buckets.size > MAX_BUCKETS) continue;
      this.dropped = dropped;
      this.buckets = buckets;
      return;
    }
  }

  private bits(value: Value): bigint {
    return this.type === 'datetime' ? (value as bigint) : orderedBits(Number(value));
  }
}

function put(buckets: Map<bigint, Bucket>, key: bigint, value: Value, weight: number): void {
  const bucket = buckets.get(key);
  if (!bucket) {
    buckets.set(key, { value, weight });
    return;
  }
  bucket.weight += weight;
  if (compareValues(value, bucket.value) > 0) bucket.value = value;
}
