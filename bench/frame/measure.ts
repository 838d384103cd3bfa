import type { Summary } from './statistics';

/** One line of the table: a figure, its floor, and what it was measured on. */
export interface Result {
  /** Unique, such as `one-rule` or `slow-store/1000`. */
  readonly name: string;
  readonly title: string;
  /** Of `wall` and `cpu`: work done in a second, or how long it took. */
  readonly unit: 'events/s' | 'rules/s' | 's' | 'ms' | 'ms CPU a rule';
  /** By the clock. Absent where only processor time says something. */
  readonly wall?: Summary;
  /** By the processor time of the process, garbage collector and all. Absent where the work is in several processes. */
  readonly cpu?: Summary;
  /** How many times as fast as something else in the same run: the median of the rounds. */
  readonly ratio?: {
    readonly to: string;
    readonly wall?: Summary;
    readonly cpu?: Summary;
  };
  readonly floor?: Floor;
  /** What it was measured on: numbers of rules and events, bytes, requests, matches. */
  readonly sizes: Readonly<Record<string, string | number>>;
}

/** What a figure must be. `of` names the figure, by `result[of[0]][of[1]]`. */
export interface Floor {
  readonly of: 'wall' | 'cpu' | 'ratio.wall' | 'ratio.cpu';
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface MeasureContext {
  /** A short form, to see that everything runs: its figures say nothing. */
  readonly isQuick: boolean;
  /** Tells people what is being done. */
  progress(text: string): void;
}

/** What one process measures: warm code of one measurement must not be another's. */
export interface Measure {
  readonly name: string;
  readonly title: string;
  run(context: MeasureContext): Promise<readonly Result[]>;
}

/** The figure that a floor is about: the median. */
export function figureOf(result: Result, { of }: Floor): number | undefined {
  if (of === 'wall') return result.wall?.median;
  if (of === 'cpu') return result.cpu?.median;
  return (of === 'ratio.wall' ? result.ratio?.wall : result.ratio?.cpu)?.median;
}

/** Whether a result is what it must be; undefined where nothing is asked of it. */
export function holds(result: Result): boolean | undefined {
  const { floor } = result;
  if (!floor) return undefined;
  const figure = figureOf(result, floor);
  if (figure === undefined) return false;
  return figure >= (floor.atLeast ?? Number.NEGATIVE_INFINITY) && figure <= (floor.atMost ?? Number.POSITIVE_INFINITY);
}
