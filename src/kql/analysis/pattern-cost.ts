/** What of a regular expression can cost more than its text is worth. */
export interface PatternCost {
  /**
   * One of several ways to match goes on over any number of characters to something that need not be there (`b|a.*c`): where all matches
   * of a text are looked for, every one of them can scan to its end.
   */
  readonly scansAhead: boolean;
  /** Most copies of a part that counted repetitions ask for: 990 of `x{990}`, 100 of `(a{10}){10}`. */
  readonly repetitions: number;
}

/** Reads an RE2 pattern that compiles. */
export function patternCost(pattern: string): PatternCost {
  const reader = new PatternReader(pattern);
  const { isSlow, copies } = reader.alternatives();
  return { scansAhead: isSlow, repetitions: copies };
}

interface Part {
  /** Holds a run over any number of characters with something behind it. */
  readonly scans: boolean;
  /** Such a part stands where the pattern can match without it. */
  readonly isSlow: boolean;
  readonly copies: number;
}

interface Quantifier {
  readonly least: number;
  readonly most: number;
}

class PatternReader {
  private at = 0;
  constructor(private readonly text: string) {}

  alternatives(): Part {
    const branches = [this.sequence()];
    while (this.text[this.at] === '|') {
      this.at++;
      branches.push(this.sequence());
    }
    const scans = branches.some((branch) => branch.scans);
    return {
      scans,
      isSlow: branches.some((branch) => branch.isSlow) || (scans && branches.length > 1),
      copies: Math.max(...branches.map((branch) => branch.copies)),
    };
  }

  private sequence(): Part {
    let isRunning = false;
    let scans = false;
    let isSlow = false;
    let copies = 1;
    while (this.at < this.text.length && this.text[this.at] !== '|' && this.text[this.at] !== ')') {
      const atom = this.atom();
      const { least, most } = this.quantifier();
      // Behind the run stands something that has to be there.
      if (isRunning && least > 0) scans = true;
      if (atom.isWide && most === Number.POSITIVE_INFINITY) isRunning = true;
      if (atom.scans) scans = true;
      if (atom.isSlow || (atom.scans && least === 0)) isSlow = true;
      const counted = most === Number.POSITIVE_INFINITY ? Math.max(1, least) : Math.max(1, most);
      copies = Math.max(copies, atom.copies * counted);
    }
    return { scans, isSlow, copies };
  }

  private atom(): Part & { readonly isWide: boolean } {
    const plain = { scans: false, isSlow: false, copies: 1, isWide: false };
    const c = this.text[this.at++];
    switch (c) {
      case '(': {
        this.skipGroupHead();
        const inner = this.alternatives();
        this.at++;
        return { ...inner, isWide: false };
      }
      case '[':
        return { ...plain, isWide: this.classIsWide() };
      case '.':
        return { ...plain, isWide: true };
      case '\\': {
        const kind = this.text[this.at++];
        if (kind === 'Q') {
          const end = this.text.indexOf('\\E', this.at);
          this.at = end < 0 ? this.text.length : end + 2;
        } else if ((kind === 'p' || kind === 'P' || kind === 'x') && this.text[this.at] === '{')
          this.at = this.text.indexOf('}', this.at) + 1;
        return { ...plain, isWide: kind !== undefined && 'wWSDpP'.includes(kind) };
      }
      default:
        return plain;
    }
  }

  /** `(?:`, `(?i:`, `(?P<name>`; flags alone, `(?i)`, are a group of nothing. */
  private skipGroupHead(): void {
    const head = /^\?(?:P?<[^>]*>|[a-zA-Z-]*:?)/.exec(this.text.slice(this.at, this.at + 200));
    if (head) this.at += head[0].length;
  }

  /** More than a few characters: negated, or with a class of its own such as `\w`, or a range of letters. */
  private classIsWide(): boolean {
    const from = this.at;
    if (this.text[this.at] === '^') this.at++;
    if (this.text[this.at] === ']') this.at++;
    while (this.at < this.text.length && this.text[this.at] !== ']') {
      const named = /^\[:\^?\w+:\]/.exec(this.text.slice(this.at, this.at + 20));
      if (named) this.at += named[0].length;
      else this.at += this.text[this.at] === '\\' ? 2 : 1;
    }
    const body = this.text.slice(from, this.at++);
    return body.startsWith('^') || /\\[wWSD]|[a-zA-Z]-[a-zA-Z]/.test(body);
  }

  private quantifier(): Quantifier {
    let result: Quantifier = { least: 1, most: 1 };
    const c = this.text[this.at];
    const counted = /^\{(\d+)(,?)(\d*)\}/.exec(this.text.slice(this.at, this.at + 20));
    if (c === '*') result = { least: 0, most: Number.POSITIVE_INFINITY };
    else if (c === '+') result = { least: 1, most: Number.POSITIVE_INFINITY };
    else if (c === '?') result = { least: 0, most: 1 };
    else if (counted) {
      const least = Number(counted[1]);
      const upper = counted[3] === '' ? Number.POSITIVE_INFINITY : Number(counted[3]);
      result = { least, most: counted[2] === '' ? least : upper };
    } else return result;
    this.at += counted ? counted[0].length : 1;
    if (this.text[this.at] === '?') this.at++;
    return result;
  }
}
