import type { Encoded } from '../../values/codec';
import { HyperLogLog } from './hyper-log-log';
import { keyHash, packHashes, unpackHashes } from './key-hash';

/** Up to so many keys are counted exactly. */
const EXACT_LIMIT = 10_000;
const HASH_BYTES = 8;
/** Registers (as a power of two) for each `accuracy`: errors of 1.6 %, 0.8 %, 0.4 %, 0.28 %, 0.2 %. */
const PRECISIONS: readonly number[] = [12, 14, 16, 17, 18];

export const precisionOf = (accuracy: number): number => PRECISIONS[accuracy] ?? 14;

/** Distinct keys: exact up to 10,000, beyond it a HyperLogLog; either way the same in any order. */
export class Distinct {
  private exact: Set<string> | undefined = new Set();
  private sketch: HyperLogLog | undefined;

  constructor(readonly precision: number) {}

  add(key: string): void {
    this.put(keyHash(key, HASH_BYTES));
  }

  /** Both have the same precision. */
  merge(other: Distinct): void {
    if (other.exact) for (const hash of other.exact) this.put(hash);
    else this.approximate().merge(other.sketch!);
  }

  count(): number {
    return this.exact ? this.exact.size : this.sketch!.estimate();
  }

  /** How many keys all sets hold, the first being this one: exact while the sets are, else by inclusion and exclusion. */
  countCommon(others: readonly Distinct[]): number {
    const sets = [this, ...others];
    const exact = sets.flatMap((set) => (set.exact ? [set.exact] : []));
    const [smallest, ...rest] = exact.sort((a, b) => a.size - b.size);
    if (smallest && exact.length === sets.length) {
      return [...smallest].filter((hash) => rest.every((set) => set.has(hash))).length;
    }
    const estimate = signedUnions(sets, 0, undefined);
    return Math.min(Math.max(estimate, 0), ...sets.map((set) => set.count()));
  }

  private copy(): Distinct {
    return Distinct.load(this.save(), this.precision);
  }

  /** The keys of two sets of the same precision, as a set of its own. */
  static union(a: Distinct, b: Distinct): Distinct {
    const result = a.copy();
    result.merge(b);
    return result;
  }

  save(): { e: string } | { h: string } {
    return this.exact ? { e: packHashes(this.exact) } : { h: Buffer.from(this.sketch!.registers).toString('base64') };
  }

  static load(saved: Encoded, precision: number): Distinct {
    const { e, h } = saved as { e?: string; h?: string };
    const result = new Distinct(precision);
    if (e !== undefined) result.exact = unpackHashes(e, HASH_BYTES);
    else {
      result.exact = undefined;
      result.sketch = new HyperLogLog(precision, new Uint8Array(Buffer.from(h!, 'base64')));
    }
    return result;
  }

  /** From what a query handed over, which may be anything; null if it is nothing that `save` made. */
  static read(precision: unknown, kind: unknown, text: unknown): Distinct | null {
    if (typeof precision !== 'number' || !PRECISIONS.includes(precision) || typeof text !== 'string') return null;
    const bytes = Buffer.byteLength(text, 'base64');
    if (kind === 'e' && bytes % HASH_BYTES === 0 && bytes <= EXACT_LIMIT * HASH_BYTES) {
      return Distinct.load({ e: text }, precision);
    }
    if (kind !== 'h' || Buffer.from(text, 'base64').length !== 2 ** precision) return null;
    const loaded = Distinct.load({ h: text }, precision);
    return loaded.sketch!.registers.every((rank) => rank <= 65 - precision) ? loaded : null;
  }

  private put(hash: string): void {
    if (!this.exact) {
      this.sketch!.add(hash);
      return;
    }
    this.exact.add(hash);
    if (this.exact.size > EXACT_LIMIT) this.approximate();
  }

  private approximate(): HyperLogLog {
    if (this.exact) {
      this.sketch = new HyperLogLog(this.precision);
      for (const hash of this.exact) this.sketch.add(hash);
      this.exact = undefined;
    }
    return this.sketch!;
  }
}

/** The sum over all ways to choose of `sets` from an index on: the size of their union with `chosen`, less where the number is even. */
function signedUnions(sets: readonly Distinct[], from: number, chosen: Distinct | undefined): number {
  let sum = 0;
  for (let i = from; i < sets.length; i++) {
    const union = chosen ? Distinct.union(chosen, sets[i]!) : sets[i]!;
    sum += union.count() - signedUnions(sets, i + 1, union);
  }
  return sum;
}
