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
  readonly detail?: string;
}
