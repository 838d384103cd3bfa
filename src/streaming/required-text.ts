/** Texts that every match of a regular expression holds: one of each list, in either case. Leaving some out is always safe. */
export function requiredTexts(pattern: string): string[][] {
  try {
    const reader = new Reader(pattern);
    const lists = reader.alternatives();
    return reader.isAtEnd ? lists : [];
  } catch (error) {
    if (error instanceof Unreadable) return [];
    throw error;
  }
}

/** Something whose meaning is not known here. */
class Unreadable extends Error {}

/** Classes and places that stand for no character of their own. */
const CLASSES = new Set('dDwWsSbBAz');
const LETTER = /[A-Za-z0-9]/;
const FLAGS = /^\?(?:P?<\w{1,64}>|[imsU-]{0,8}:)/;
const ONLY_FLAGS = /^\?[imsU-]{1,8}\)/;
/** The least number of repetitions is 0. */
const OPTIONAL = /^(?:[?*]|\{0(?:,\d*)?\})[?+]?/;
const REPEATED = /^(?:\+|\{\d+(?:,\d*)?\})[?+]?/;
const MAX_DEPTH = 50;

class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly pattern: string) {}

  get isAtEnd(): boolean {
    return this.at === this.pattern.length;
  }

  /** What is required of one of several branches: one of what each requires. */
  alternatives(): string[][] {
    const branches = [this.sequence()];
    while (this.pattern[this.at] === '|') {
      this.at++;
      branches.push(this.sequence());
    }
    if (branches.length === 1) return branches[0]!;
    if (branches.some((lists) => lists.length === 0)) return [];
    return [branches.flatMap((lists) => lists.reduce((a, b) => (shortest(b) > shortest(a) ? b : a)))];
  }

  private sequence(): string[][] {
    const lists: string[][] = [];
    let run = '';
    const endRun = () => {
      if (run !== '') lists.push([run]);
      run = '';
    };
    while (!this.isAtEnd && this.pattern[this.at] !== '|' && this.pattern[this.at] !== ')') {
      const part = this.part();
      const quantifier = this.take(OPTIONAL) ? 'optional' : this.take(REPEATED) ? 'repeated' : undefined;
      if (typeof part === 'string' && quantifier === undefined) {
        run += part;
        continue;
      }
      // x+ and x{2}: it is there once at least, and what follows does not stand beside the first.
      if (typeof part === 'string' && quantifier === 'repeated') run += part;
      endRun();
      if (typeof part === 'object' && quantifier !== 'optional') lists.push(...part);
    }
    endRun();
    return lists;
  }

  /** A character; what a group requires; undefined: some character or place. */
  private part(): string | string[][] | undefined {
    const character = this.pattern[this.at++]!;
    if (character === '.' || character === '^' || character === '$') return undefined;
    if (character === '[') return this.skipClass();
    if (character === '(') return this.group();
    if (character === '\\') return this.escape();
    if ('?*+{}]'.includes(character)) throw new Unreadable();
    return character;
  }

  private escape(): string | undefined {
    const escaped = this.pattern[this.at++];
    if (escaped === undefined) throw new Unreadable();
    if (CLASSES.has(escaped)) return undefined;
    if (LETTER.test(escaped)) throw new Unreadable();
    return escaped;
  }

  private skipClass(): undefined {
    if (this.pattern[this.at] === '^') this.at++;
    if (this.pattern[this.at] === ']') this.at++;
    for (; this.pattern[this.at] !== ']'; this.at++) {
      if (this.isAtEnd || this.pattern.startsWith('[:', this.at)) throw new Unreadable();
      if (this.pattern[this.at] === '\\') this.at++;
    }
    this.at++;
    return undefined;
  }

  private group(): string[][] | undefined {
    if (this.take(ONLY_FLAGS)) return undefined;
    if (this.pattern[this.at] === '?' && !this.take(FLAGS)) throw new Unreadable();
    if (++this.depth > MAX_DEPTH) throw new Unreadable();
    const lists = this.alternatives();
    if (this.pattern[this.at++] !== ')') throw new Unreadable();
    this.depth--;
    return lists;
  }

  private take(pattern: RegExp): boolean {
    const match = pattern.exec(this.pattern.slice(this.at, this.at + 80));
    this.at += match?.[0].length ?? 0;
    return match !== null;
  }
}

const shortest = (list: readonly string[]): number => Math.min(...list.map((text) => text.length));
