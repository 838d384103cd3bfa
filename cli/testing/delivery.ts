import { createHash } from 'node:crypto';

/** Numbers in [0, 1) from a seed (mulberry32): the same in every run. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A seed that hangs on a text alone. */
export const seedOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32LE(0);

export interface Delivery {
  readonly partition: number;
  /** Indexes of messages of that partition, in their order. */
  readonly messages: readonly number[];
}

const PARTITIONS = 3;

/**
 * Puts messages on partitions and cuts each into batches at random. Then, `again` times, every partition is delivered from some earlier
 * point on, cut anew: what a hub does when a host loses its checkpoint.
 */
export function deliveries(count: number, again: number, random: () => number): Delivery[] {
  const partitions: number[][] = Array.from({ length: PARTITIONS }, () => []);
  for (let i = 0; i < count; i++) partitions[Math.floor(random() * PARTITIONS)]!.push(i);
  const result: Delivery[] = [];
  for (let round = 0; round <= again; round++) {
    partitions.forEach((messages, partition) => {
      let at = round === 0 ? 0 : Math.floor(random() * messages.length);
      while (at < messages.length) {
        const size = 1 + Math.floor(random() * (messages.length - at));
        result.push({ partition, messages: messages.slice(at, at + size) });
        at += size;
      }
    });
  }
  return result;
}
