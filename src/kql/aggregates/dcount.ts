import type { Encoded } from '../values/codec';
import { keyText } from '../values/compare';
import { type BoundAggregate, defineAggregate } from './define';
import { HyperLogLog } from './support/hyper-log-log';
import { keyHash, packHashes, unpackHashes } from './support/key-hash';

/** Up to so many keys are counted exactly. */
const EXACT_LIMIT = 10_000;
const HASH_BYTES = 8;
/** Registers (as a power of two) for each `accuracy`: errors of 1.6 %, 0.8 %, 0.4 %, 0.28 %, 0.2 %. */
const PRECISIONS = [12, 14, 16, 17, 18] as const;

interface Distinct {
  exact: Set<string> | undefined;
  sketch: HyperLogLog | undefined;
}

/** Exact up to 10,000 values, beyond it a HyperLogLog; either way the same in any order. */
export const dcount = defineAggregate({
  name: 'dcount',
  docs: 'dcount-aggregation-function',
  params: ['any', 'long'],
  optional: 1,
  returns: () => ['long'],
  grows: true,
  bind: ([arg, accuracy]): BoundAggregate<Distinct> => {
    const precision = PRECISIONS[Number(accuracy?.value ?? 1)] ?? 14;
    const put = (state: Distinct, hash: string): void => {
      if (state.sketch) {
        state.sketch.add(hash);
        return;
      }
      const exact = state.exact!;
      exact.add(hash);
      if (exact.size <= EXACT_LIMIT) return;
      state.sketch = new HyperLogLog(precision);
      for (const known of exact) state.sketch.add(known);
      state.exact = undefined;
    };
    return {
      init: () => ({ exact: new Set(), sketch: undefined }),
      add(state, [value]) {
        if (value !== null) put(state, keyHash(keyText(value!, arg!.type), HASH_BYTES));
      },
      merge(into, other) {
        if (other.exact) {
          for (const hash of other.exact) put(into, hash);
          return;
        }
        if (into.exact) {
          const sketch = new HyperLogLog(precision);
          for (const hash of into.exact) sketch.add(hash);
          into.exact = undefined;
          into.sketch = sketch;
        }
        into.sketch!.merge(other.sketch!);
      },
      result: (state) => [state.exact ? state.exact.size : state.sketch!.estimate()],
      save: (state): Encoded =>
        state.exact ? { e: packHashes(state.exact) } : { h: Buffer.from(state.sketch!.registers).toString('base64') },
      load(saved) {
        const { e, h } = saved as { e?: string; h?: string };
        if (e !== undefined) return { exact: unpackHashes(e, HASH_BYTES), sketch: undefined };
        return { exact: undefined, sketch: new HyperLogLog(precision, new Uint8Array(Buffer.from(h!, 'base64'))) };
      },
    };
  },
});
