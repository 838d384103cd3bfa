import { KqlError } from './errors';

/**
 * What one event may cost a leg of a rule in its row stage. Event text is written by attackers, and what an operator makes of it can be a
 * million times as large; a rule that wants more of an event than this fails for that event, and says so in a dead letter.
 */
export const ROW_STAGE_LIMITS = {
  /** Rows that `mv-expand` and `mv-apply` make, those in between included. */
  rows: 10_000,
  /** UTF-16 units of text that these rows carry beside what was expanded: every later operator goes over it once a row. */
  carried: 128 * 1024 * 1024,
  /** UTF-16 units of text that functions make; an element of an array or bag that is built counts as `ELEMENT`. */
  text: 16 * 1024 * 1024,
  /** Steps of searches: a character looked at by a regular expression, or once for each item of a list. */
  steps: 32 * 1024 * 1024,
} as const;

/** Characters that a search for plain text passes in the time of one step. */
export const PLAIN_PER_STEP = 16;

/** What an element of an array or bag counts as, in UTF-16 units. */
export const ELEMENT = 8;

/**
 * What is left of the limits. Evaluation is synchronous, so one meter serves all: `refill` before an event's row stage, `open` after it.
 * Batch queries and the flush stage run with an open meter, bounded by `Runtime.maxRows`.
 */
class Meter {
  /** May be lowered without a check where the caller calls `check` afterwards. */
  text: number = Number.POSITIVE_INFINITY;
  private rows: number = Number.POSITIVE_INFINITY;
  private carried: number = Number.POSITIVE_INFINITY;
  private steps: number = Number.POSITIVE_INFINITY;

  refill(): void {
    this.rows = ROW_STAGE_LIMITS.rows;
    this.carried = ROW_STAGE_LIMITS.carried;
    this.text = ROW_STAGE_LIMITS.text;
    this.steps = ROW_STAGE_LIMITS.steps;
  }

  open(): void {
    this.rows = Number.POSITIVE_INFINITY;
    this.carried = Number.POSITIVE_INFINITY;
    this.text = Number.POSITIVE_INFINITY;
    this.steps = Number.POSITIVE_INFINITY;
  }

  /** Asked for before rows are made. Throws KqlError of kind `run`, as all of these. */
  spendRows(count: number, textOfEach: number): void {
    this.rows -= count;
    this.carried -= count * textOfEach;
    if (this.rows < 0)
      throw new KqlError(
        'run',
        `one event expands to more than ${ROW_STAGE_LIMITS.rows} rows: filter or array_slice() what is expanded, or give mv-expand a limit`,
      );
    if (this.carried < 0)
      throw new KqlError(
        'run',
        `the rows that one event expands to carry more than ${mebi(ROW_STAGE_LIMITS.carried)} million characters: project away long columns before expanding`,
      );
  }

  /** UTF-16 units of text just made. */
  spendText(units: number): void {
    this.text -= units;
    if (this.text < 0) this.refuseText();
  }

  refuseText(): never {
    throw new KqlError(
      'run',
      `one event makes more than ${mebi(ROW_STAGE_LIMITS.text)} million characters of text: make less of long columns, or filter earlier`,
    );
  }

  /** So many items looked for, one by one, in a text of so many characters. */
  spendSearches(items: number, characters: number): void {
    if (items > 1) this.spendSteps((items * characters) / PLAIN_PER_STEP);
  }

  spendSteps(steps: number): void {
    this.steps -= steps;
    if (this.steps < 0) this.refuseSteps();
  }

  get stepsLeft(): number {
    return this.steps;
  }

  refuseSteps(): never {
    throw new KqlError(
      'run',
      `searches in one event take more than ${mebi(ROW_STAGE_LIMITS.steps)} million steps: filter earlier, or search shorter columns`,
    );
  }
}

const mebi = (units: number): number => units / (1024 * 1024);

export const meter = new Meter();
