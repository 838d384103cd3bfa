/**
 * Reads a Retry-After header, seconds or a date.
 *
 * @param now milliseconds since 1970
 * @returns milliseconds to wait, undefined without a header that can be read
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined || value === '') return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
