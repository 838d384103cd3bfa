/**
 * Keeps what was read for a moment, so that many who look cost as much as one. Those who ask while it is being read share the reading; a
 * failure is kept for nobody.
 */
export class Memo<K, V> {
  private readonly kept = new Map<K, { readonly until: number; readonly value: Promise<V> }>();

  /** `ms`: how long a value holds. `most`: values kept, the oldest dropped first. */
  constructor(
    private readonly ms: number,
    private readonly most = 500,
    private readonly now: () => number = Date.now,
  ) {}

  get(key: K, make: () => Promise<V>): Promise<V> {
    const known = this.kept.get(key);
    if (known && known.until > this.now()) return known.value;
    const value = make();
    this.kept.delete(key);
    this.kept.set(key, { until: this.now() + this.ms, value });
    value.catch(() => {
      if (this.kept.get(key)?.value === value) this.kept.delete(key);
    });
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.most) break;
      this.kept.delete(oldest);
    }
    return value;
  }

  clear(): void {
    this.kept.clear();
  }
}
