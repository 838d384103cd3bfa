/** A problem of a query. */
export interface Diagnostic {
  /** KS… is Kusto's, others are ours. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Offset in the text, UTF-16 units. */
  readonly start: number;
  readonly length: number;
}
