import { RE2JS } from 're2js';
import { patternCost } from '../../../analysis/pattern-cost';
import { KqlError } from '../../../errors';
import { meter } from '../../../meter';
import type { ArgInfo } from '../../define';
import { CountedText } from './counted_text';

/** Most compiled patterns kept for patterns that are not constant. */
const CACHE_SIZE = 64;
const cache = new Map<string, Regex>();

/** Looks at each character that the matches of a text may cost; patterns of public rules take one to three. */
const STEPS_PER_CHARACTER = 24;
/** Characters that are added to a text before that, so that a short one does not fail for its edges. */
const SHORT = 1000;
/** Instructions of a compiled pattern that are about as much work as one step: of most, few are under way at a time. */
const INSTRUCTIONS_PER_STEP = 32;
/** Where a part is repeated so often or more, each repetition can be under way at once: x{990} is 990 states for every character. */
const MANY_REPETITIONS = 16;
const REPEATED_INSTRUCTIONS_PER_STEP = 1;

let areDeferred = false;

/**
 * From now on patterns are compiled when they are first searched for, not when a plan is prepared: for programs whose plans were prepared
 * when they were built, and so hold no pattern that cannot be compiled.
 */
export function deferPatterns(): void {
  areDeferred = true;
}

/**
 * A compiled RE2 pattern (https://learn.microsoft.com/kusto/query/regex). One search is linear in the length of the text, and in the size of
 * the pattern; all searches count against what one event may cost.
 */
export class Regex {
  private program: Program | undefined;

  /** `kind`: of the KqlError that a pattern is refused with. */
  constructor(
    private readonly pattern: string,
    private readonly flags: number,
    private readonly kind: 'invalid' | 'run',
  ) {
    // Compiled by being asked for.
    if (!areDeferred || kind === 'run') void this.compiled;
  }

  private get compiled(): RE2JS {
    this.program ??= programOf(this.pattern, this.flags, this.kind);
    return this.program.compiled;
  }

  get groupCount(): number {
    return this.compiled.groupCount();
  }

  /** Numbers of the named groups. */
  get namedGroups(): Readonly<Record<string, number>> {
    return this.compiled.namedGroups();
  }

  /** Whether the text holds a match. */
  test(text: string): boolean {
    this.spend(text.length);
    return this.compiled.test(text);
  }

  /** The capture groups of the whole text, the match first; undefined where it does not match. Of a group left out: null. */
  groupsOfWhole(text: string): ((group: number | string) => string | null) | undefined {
    this.spend(2 * text.length);
    const matcher = this.compiled.matcher(text);
    return matcher.matches() ? (group) => matcher.group(group) : undefined;
  }

  /** The matches of a text, from left to right. */
  matches(text: string): Matches {
    return new Matches(this.compiled, text, this);
  }

  private get weight(): number {
    this.program ??= programOf(this.pattern, this.flags, this.kind);
    return this.program.weight;
  }

  /** Counts steps against what an event may cost. */
  spend(steps: number): void {
    meter.spendSteps(steps * this.weight);
  }

  /** Steps that the event has left for this pattern. */
  get stepsLeft(): number {
    return meter.stepsLeft / this.weight;
  }

  tooMuchWork(): KqlError {
    return new KqlError(
      'run',
      `the regular expression '${this.pattern.slice(0, 200)}' looks at each character of a text more than ${STEPS_PER_CHARACTER} times: after every match it scans far ahead. Write what a match cannot hold, such as [^"]{0,64}, in place of .*`,
    );
  }
}

/**
 * Goes over the matches of one text. Each search is linear, but it begins anew after each match: where it scans to the end of the text for
 * an alternative that is not there (`b|a.*c`), all of them are quadratic. So what is looked at is counted, and refused beyond a limit that
 * is linear in the text.
 */
export class Matches {
  private readonly matcher: ReturnType<RE2JS['matcher']>;
  private readonly counted: CountedText;
  /** Steps that the event has been charged for. */
  private charged = 0;

  constructor(
    compiled: RE2JS,
    text: string,
    private readonly regex: Regex,
  ) {
    const most = STEPS_PER_CHARACTER * (text.length + SHORT);
    // What is left of the event's allowance stops a search on its way.
    const left = regex.stepsLeft;
    this.counted = new CountedText(text, Math.min(most, left), () =>
      left < most ? meter.refuseSteps() : regex.tooMuchWork(),
    );
    // The library takes String objects; its types say less.
    this.matcher = compiled.matcher(this.counted as unknown as string);
  }

  /** The next match; from a position: the first at or after it. Throws KqlError of kind `run`: too much work. */
  find(from?: number): boolean {
    const isFound = from === undefined ? this.matcher.find() : this.matcher.find(from);
    this.charge();
    return isFound;
  }

  get start(): number {
    return this.matcher.start();
  }

  get end(): number {
    return this.matcher.end();
  }

  get groupCount(): number {
    return this.matcher.groupCount();
  }

  /** Text of a capture group (0: the match); null where it took no part. */
  group(group: number): string | null {
    const text = this.matcher.group(group);
    this.charge();
    return text;
  }

  private charge(): void {
    const { steps } = this.counted;
    if (steps > this.charged) this.regex.spend(steps - this.charged);
    this.charged = steps;
  }
}

/** Compiles a pattern; look-around and backreferences do not exist. Throws KqlError of the given kind. */
export const compileRegex = (pattern: string, kind: 'invalid' | 'run' = 'invalid', flags = 0): Regex =>
  new Regex(pattern, flags, kind);

interface Program {
  readonly compiled: RE2JS;
  /** What looking at a character counts. */
  readonly weight: number;
}

function programOf(pattern: string, flags: number, kind: 'invalid' | 'run'): Program {
  try {
    const compiled = RE2JS.compile(pattern, flags);
    const isRepeated = patternCost(pattern).repetitions >= MANY_REPETITIONS;
    const perStep = isRepeated ? REPEATED_INSTRUCTIONS_PER_STEP : INSTRUCTIONS_PER_STEP;
    return { compiled, weight: Math.max(1, Math.floor(compiled.programSize() / perStep)) };
  } catch (error) {
    throw new KqlError(kind, `bad regular expression '${pattern.slice(0, 200)}': ${(error as Error).message}`);
  }
}

/** The pattern of an argument: compiled now where it is constant, else per value through a small cache. */
export function regexArgument(argument: ArgInfo): (pattern: string) => Regex {
  if (argument.constant) {
    const compiled = compileRegex(argument.value as string);
    return () => compiled;
  }
  return (pattern) => {
    let compiled = cache.get(pattern);
    if (!compiled) {
      if (pattern.length > MAX_PATTERN)
        throw new KqlError('run', `a regular expression of more than ${MAX_PATTERN} characters, taken from an event`);
      compiled = compileRegex(pattern, 'run');
      if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value as string);
      cache.set(pattern, compiled);
    }
    return compiled;
  };
}

/** Longest pattern that is not constant: to compile one takes a hundred times its length. */
const MAX_PATTERN = 16 * 1024;

/** Whether a pattern holds no metacharacter: it can be searched as plain text. */
export const isLiteralPattern = (pattern: string): boolean => !/[\\^$.|?*+()[\]{}]/.test(pattern);
