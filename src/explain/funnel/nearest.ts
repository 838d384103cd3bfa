/** How a value differs from the text that was looked for. */
export interface Difference {
  /** `more`: the text and something beside it; `less`: a part of the text; `case`: only letter case. */
  readonly kind: 'more' | 'less' | 'case' | 'other';
  /** In words, with the value as subject: `goes on with " -p"`. */
  readonly text: string;
}

/** A value that was not what was looked for, and how often it came. */
export interface NearValue {
  readonly value: string;
  readonly count: number;
  /** From 0 (nothing in common) to 1 (the same). */
  readonly similarity: number;
  readonly difference?: Difference;
}

/** Longer values are compared by their first characters. */
const COMPARED = 1_024;

/** What two texts share at both ends: O(n), since values are written by whoever makes the events. */
function ends(value: string, literal: string): { prefix: number; suffix: number } {
  const most = Math.min(value.length, literal.length);
  let prefix = 0;
  while (prefix < most && value.charCodeAt(prefix) === literal.charCodeAt(prefix)) prefix++;
  let suffix = 0;
  while (
    suffix < most - prefix &&
    value.charCodeAt(value.length - 1 - suffix) === literal.charCodeAt(literal.length - 1 - suffix)
  )
    suffix++;
  return { prefix, suffix };
}

function similarityOf(value: string, literal: string): number {
  const { prefix, suffix } = ends(value, literal);
  return (prefix + suffix) / Math.max(1, value.length, literal.length);
}

function differenceOf(value: string, literal: string): Difference {
  const [a, b] = [value.toLowerCase(), literal.toLowerCase()];
  if (a === b) return { kind: 'case', text: 'differs in upper and lower case alone' };
  const { prefix, suffix } = ends(a, b);
  const more = value.slice(prefix, value.length - suffix);
  const less = literal.slice(prefix, literal.length - suffix);
  if (less === '') {
    const verb = suffix === 0 ? 'goes on with' : prefix === 0 ? 'begins with' : 'has inside';
    return { kind: 'more', text: `${verb} ${shown(more)}` };
  }
  if (more === '') return { kind: 'less', text: `lacks ${shown(less)}` };
  // Whole words read better than the letters that differ.
  let [from, to] = [prefix, suffix];
  while (from > 0 && isWord(literal[from - 1]!)) from--;
  while (to > 0 && isWord(literal[literal.length - to]!)) to--;
  const text = `has ${shown(value.slice(from, value.length - to))} instead of ${shown(literal.slice(from, literal.length - to))}`;
  return { kind: 'other', text };
}

const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
const isWord = (character: string): boolean => /[A-Za-z0-9]/.test(character);

/**
 * Keeps the values that come nearest to some texts, with exact counts, in bounded memory: the least similar of what is kept only ever gets
 * more similar, so a value that was let go never comes back.
 */
export class NearestValues {
  private readonly kept = new Map<string, { value: string; count: number; similarity: number; literal: string }>();
  private readonly literals: readonly { folded: string; text: string }[];
  private least = -1;

  constructor(
    literals: readonly string[],
    private readonly ignoreCase: boolean,
    private readonly size = 64,
  ) {
    this.literals = literals.slice(0, 32).map((text) => ({ folded: text.toLowerCase().slice(0, COMPARED), text }));
  }

  add(value: string): void {
    const folded = value.slice(0, COMPARED).toLowerCase();
    const key = this.ignoreCase ? folded : value.slice(0, COMPARED);
    const known = this.kept.get(key);
    if (known) {
      known.count++;
      return;
    }
    let best = { similarity: -1, literal: '' };
    for (const literal of this.literals) {
      const similarity = similarityOf(folded, literal.folded);
      if (similarity > best.similarity) best = { similarity, literal: literal.text };
    }
    if (this.kept.size >= this.size) {
      if (best.similarity <= this.least) return;
      const [worst] = [...this.kept].sort(([, a], [, b]) => a.similarity - b.similarity)[0]!;
      this.kept.delete(worst);
    }
    this.kept.set(key, { value: value.slice(0, COMPARED), count: 1, ...best });
    if (this.kept.size >= this.size)
      this.least = Math.min(...[...this.kept.values()].map(({ similarity }) => similarity));
  }

  similarity(value: string): number {
    const key = value.slice(0, COMPARED).toLowerCase();
    return Math.max(0, ...this.literals.map(({ folded }) => similarityOf(key, folded)));
  }

  /** The nearest first. */
  top(count: number): NearValue[] {
    return [...this.kept.values()]
      .sort((a, b) => b.similarity - a.similarity || b.count - a.count)
      .slice(0, count)
      .map(({ value, count: times, similarity, literal }) => ({
        value,
        count: times,
        similarity,
        difference: differenceOf(value, literal),
      }));
  }

  /** How a value differs from the literal nearest to it. */
  difference(value: string): Difference {
    const key = value.slice(0, COMPARED).toLowerCase();
    const nearest = [...this.literals].sort((a, b) => similarityOf(key, b.folded) - similarityOf(key, a.folded))[0];
    return differenceOf(value.slice(0, COMPARED), nearest?.text ?? '');
  }
}

/** Counts values that cannot be near one another: numbers, flags. The first distinct ones alone are told apart. */
export class ValueCounts {
  private readonly counts = new Map<string, number>();

  constructor(private readonly size = 256) {}

  add(value: string): void {
    const key = value.slice(0, COMPARED);
    const known = this.counts.get(key);
    if (known !== undefined || this.counts.size < this.size) this.counts.set(key, (known ?? 0) + 1);
  }

  /** The most frequent first. */
  top(count: number): NearValue[] {
    return [...this.counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, count)
      .map(([value, times]) => ({ value, count: times, similarity: 0 }));
  }
}
