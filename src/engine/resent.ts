/** What came of a dead letter. `detail` may hold text of the record. */
export interface Resent {
  /**
   * `counted`, `counted-before` (by an earlier call that was cut off) and `no-match`: it is removed. `partly`: counted, and replaced by a
   * letter for each rule that failed, or of a letter for many records: those of some reasons were, and it stands for the others. `failed`: it is what it was. `refused`: it cannot be counted rightly any more, or not by these plans.
   */
  readonly outcome: 'counted' | 'counted-before' | 'no-match' | 'partly' | 'failed' | 'refused';
  /** Rows that came through some rule's row stage. */
  readonly matches: number;
  /** A window over it has run: the next flush sends a correction where its result changes. */
  readonly corrects: boolean;
  /**
   * Ends (ISO 8601) of windows over it that have run and stay as they are, since their state is no longer kept; one that is about to go is
   * among them. The others are corrected. Absent: none.
   */
  readonly uncorrected?: readonly string[];
  readonly detail?: string;
}

export const refused = (detail: string): Resent => ({ outcome: 'refused', matches: 0, corrects: false, detail });
export const failed = (reason: string, detail: string): Resent => ({
  outcome: 'failed',
  matches: 0,
  corrects: false,
  detail: `${reason}: ${detail}`,
});
