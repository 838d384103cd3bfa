/**
 * What is wrong with a query. `at` is the offset in the query text (UTF-16 units) where it is known.
 * - `unsupported`: valid KQL that this engine does not run.
 * - `invalid`: wrong in Kusto as well.
 * - `run`: it went wrong while rows were evaluated (a limit, an assertion).
 */
export class KqlError extends Error {
  constructor(
    readonly kind: 'unsupported' | 'invalid' | 'run',
    message: string,
    readonly at?: number,
    readonly length?: number,
  ) {
    super(message);
    this.name = 'KqlError';
  }
}

export const unsupported = (message: string, at?: number, length?: number): KqlError =>
  new KqlError('unsupported', message, at, length);
export const invalid = (message: string, at?: number, length?: number): KqlError =>
  new KqlError('invalid', message, at, length);
