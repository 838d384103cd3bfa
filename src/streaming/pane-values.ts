import { decodeValue } from '../kql';
import { type EncodedGroup, type LegRunner, parseGroup } from './leg-runner';

/**
 * The stored values of one pane of a leg, for windows that read it one after the other. What several partitions hold of one group is merged,
 * once for all of these windows.
 */
export class PaneValues {
  /** Characters. */
  length = 0;
  private readonly rows: string[] = [];
  private readonly groups = new Map<string, string[]>();

  constructor(
    private readonly runner: LegRunner,
    /** ms. */
    readonly start: number,
  ) {}

  /** Throws where a value is not what a group is stored as. */
  add(value: string): void {
    this.length += value.length;
    if (!this.runner.summarize) {
      this.rows.push(value);
      return;
    }
    const { k, e } = parseGroup(value);
    const key = `${e ?? 0}${JSON.stringify(k)}`;
    const known = this.groups.get(key);
    if (known) known.push(value);
    else this.groups.set(key, [value]);
  }

  /** Nothing is added any more. */
  close(): void {
    for (const [key, values] of this.groups) {
      const merged = values.length > 1 ? this.merge(values) : undefined;
      if (merged === undefined) continue;
      for (const value of values) this.length -= value.length;
      this.length += merged.length;
      this.groups.set(key, [merged]);
    }
  }

  *values(): Generator<string> {
    yield* this.rows;
    for (const values of this.groups.values()) yield* values;
  }

  /** undefined: one of them cannot be read. They stay apart, and whoever reads the window finds which it is. */
  private merge(values: readonly string[]): string | undefined {
    const summarize = this.runner.summarize!;
    try {
      const [first, ...rest] = values.map(parseGroup) as [EncodedGroup, ...EncodedGroup[]];
      const keys = first.k.map((cell, i) => decodeValue(cell, summarize.schema[i]!.type));
      const group = summarize.load(keys, first.a);
      let { o } = first;
      for (const other of rest) {
        summarize.merge(group, summarize.load(keys, other.a));
        if (other.o < o) o = other.o;
      }
      return JSON.stringify({ ...first, a: summarize.save(group), o });
    } catch {
      return undefined;
    }
  }
}
