/** Ticks (100 ns) of units, and datetime text. https://learn.microsoft.com/kusto/query/scalar-data-types/datetime */
export const TICKS_PER_MS = 10_000n;
export const TICKS_PER_SECOND = 10_000_000n;
export const TICKS_PER_MINUTE = 600_000_000n;
export const TICKS_PER_HOUR = 36_000_000_000n;
export const TICKS_PER_DAY = 864_000_000_000n;

/** Ticks from 0001-01-01 to 1970-01-01. */
export const UNIX_EPOCH_TICKS = 621_355_968_000_000_000n;
/** The last tick of 9999-12-31. */
export const MAX_DATETIME_TICKS = 3_155_378_975_999_999_999n;

/** Milliseconds since 1970 → ticks since 0001. */
export const ticksFromMs = (ms: number): bigint => BigInt(Math.trunc(ms)) * TICKS_PER_MS + UNIX_EPOCH_TICKS;
/** Ticks since 0001 → milliseconds since 1970, rounded down. */
export const msFromTicks = (ticks: bigint): number => Number(floorDiv(ticks - UNIX_EPOCH_TICKS, TICKS_PER_MS));

/** Ticks, or null outside 0001…9999. */
export const checkedDatetime = (ticks: bigint): bigint | null =>
  ticks < 0n || ticks > MAX_DATETIME_TICKS ? null : ticks;

export function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** `2017-10-15T12:00:00.0000000Z` */
export function formatDatetime(ticks: bigint): string {
  const date = new Date(msFromTicks(ticks));
  const fraction = Number(ticks % TICKS_PER_SECOND);
  return `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}T${pad(date.getUTCHours(), 2)}:${pad(date.getUTCMinutes(), 2)}:${pad(date.getUTCSeconds(), 2)}.${pad(fraction, 7)}Z`;
}

/** Ticks of a UTC calendar time, or null if it is none (month 13, 30 February, 24:00). `fraction` is in ticks. */
export function ticksFromParts(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  fraction = 0,
): bigint | null {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return null;
  if (hour > 23 || minute > 59 || second > 59 || hour < 0 || minute < 0 || second < 0) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, 0);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return ticksFromMs(date.getTime()) + BigInt(fraction);
}

const ISO =
  /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|z|UTC|GMT|[+-]\d{2}:?\d{2})?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:T?(\d{2}):?(\d{2})(?::?(\d{2}))?)?(Z)?$/;
const US =
  /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s*(AM|PM)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;
/** `2025/6/14`, `2025.6.14`, and `2025, 6, 14` as .NET reads it. */
const YEAR_FIRST =
  /^(\d{4})(?:[/.]|,\s*)(\d{1,2})(?:[/.]|,\s*)(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?\s*(Z)?$/;
const RFC =
  /^(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{2,4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/;
const MONTH_FIRST =
  /^(?:[A-Za-z]{3,9},?\s+)?([A-Za-z]{3,9})\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(AM|PM)?)?$/i;
const ANSI_C = /^[A-Za-z]{3}\s+([A-Za-z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2})\s+(\d{4})$/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthOf = (name: string): number => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
/** A fraction of a second as ticks; digits past the seventh are cut. */
const fractionTicks = (digits: string | undefined): number => (digits ? Number(digits.slice(0, 7).padEnd(7, '0')) : 0);

function withOffset(ticks: bigint | null, zone: string | undefined): bigint | null {
  if (ticks === null || zone === undefined || !/^[+-]/.test(zone)) return ticks;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  const shift = BigInt(minutes) * TICKS_PER_MINUTE;
  return checkedDatetime(zone[0] === '-' ? ticks + shift : ticks - shift);
}

const hour12 = (hour: number, half: string | undefined): number =>
  half === undefined ? hour : (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);

/**
 * Text → ticks, or null. Without a zone the time is UTC. The forms are those of
 * https://learn.microsoft.com/kusto/query/scalar-data-types/datetime#supported-formats (ISO 8601, RFC 822, RFC 850, ANSI C)
 * and the month/day/year form that Kusto's `todatetime` takes.
 */
export function parseDatetime(text: string): bigint | null {
  const s = text.trim();
  if (s.length < 4 || s.length > 64) return null;
  let m = ISO.exec(s);
  if (m) {
    const n = (i: number, absent: number): number => (m![i] === undefined ? absent : Number(m![i]));
    return withOffset(ticksFromParts(n(1, 0), n(2, 1), n(3, 1), n(4, 0), n(5, 0), n(6, 0), fractionTicks(m[7])), m[8]);
  }
  if (/^\d{4}$/.test(s)) return ticksFromParts(Number(s), 1, 1);
  m = COMPACT.exec(s);
  if (m) return ticksFromParts(+m[1]!, +m[2]!, +m[3]!, +(m[4] ?? 0), +(m[5] ?? 0), +(m[6] ?? 0));
  m = US.exec(s);
  if (m) {
    const hour = hour12(+(m[4] ?? 0), m[8]);
    return withOffset(
      ticksFromParts(+m[3]!, +m[1]!, +m[2]!, hour, +(m[5] ?? 0), +(m[6] ?? 0), fractionTicks(m[7])),
      m[9],
    );
  }
  m = YEAR_FIRST.exec(s);
  if (m) {
    return ticksFromParts(+m[1]!, +m[2]!, +m[3]!, +(m[4] ?? 0), +(m[5] ?? 0), +(m[6] ?? 0), fractionTicks(m[7]));
  }
  m = RFC.exec(s);
  if (m) {
    const year = m[3]!.length === 2 ? 2000 + +m[3]! : +m[3]!;
    const ticks = ticksFromParts(
      year,
      monthOf(m[2]!),
      +m[1]!,
      +(m[4] ?? 0),
      +(m[5] ?? 0),
      +(m[6] ?? 0),
      fractionTicks(m[7]),
    );
    return withOffset(ticks, m[8]);
  }
  m = ANSI_C.exec(s);
  if (m) return ticksFromParts(+m[6]!, monthOf(m[1]!), +m[2]!, +m[3]!, +m[4]!, +m[5]!);
  m = MONTH_FIRST.exec(s);
  if (m) return ticksFromParts(+m[3]!, monthOf(m[1]!), +m[2]!, hour12(+(m[4] ?? 0), m[7]), +(m[5] ?? 0), +(m[6] ?? 0));
  return null;
}
