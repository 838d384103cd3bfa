import { decodeValue, type Encoded, encodeValue } from '../../values/codec';
import type { Dynamic } from '../../values/types';
import { compareRanked, type Ranked, saveRank } from './ranked';

export interface Entry extends Ranked {
  readonly value: Dynamic;
}

/** Values by key, for each the first in canonical order; of more than `limit` keys those that came first. */
export class KeyedFirsts {
  private entries = new Map<string, Entry>();

  constructor(private readonly limit: number) {}

  put(key: string, entry: Entry): void {
    const known = this.entries.get(key);
    if (known && compareRanked(known, entry) <= 0) return;
    this.entries.set(key, entry);
    // What is dropped cannot come back but by an earlier row, which brings it anew.
    if (this.entries.size > this.limit * 2 + 16) this.entries = new Map(this.sorted().slice(0, this.limit));
  }

  merge(other: KeyedFirsts): void {
    for (const [key, entry] of other.entries) this.put(key, entry);
  }

  /** Keys and values, first come first. */
  result(): [string, Dynamic][] {
    return this.sorted()
      .slice(0, this.limit)
      .map(([key, { value }]) => [key, value]);
  }

  save(): Encoded {
    return this.sorted().map(([key, entry]) => [key, ...saveRank(entry), encodeValue(entry.value, 'dynamic')]);
  }

  static load(saved: Encoded, limit: number): KeyedFirsts {
    const result = new KeyedFirsts(limit);
    for (const [key, order, at, value] of saved as [string, Ranked['order'], number, Encoded][]) {
      result.put(key, { order, at, value: decodeValue(value, 'dynamic') as Dynamic });
    }
    return result;
  }

  private sorted(): [string, Entry][] {
    return [...this.entries].sort(([, a], [, b]) => compareRanked(a, b));
  }
}
