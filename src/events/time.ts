const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?)?\s?(Z|z|UTC|[+-]\d\d:?\d\d)?$/;
const CANONICAL = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{7}Z$/;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const pad = (value: number, width: number) => String(value).padStart(width, '0');

/**
 * An ISO-8601 time as `yyyy-MM-ddTHH:mm:ss.fffffffZ` (100 ns, UTC), or `undefined` where it is no time.
 * A time without a zone is UTC, as Kusto reads it. Digits beyond the seventh are cut.
 */
export function normalizeTime(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 64) return undefined;
  if (CANONICAL.test(value)) return value;
  const match = ISO.exec(value.trim());
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const [hour, minute, second] = [Number(match[4] ?? 0), Number(match[5] ?? 0), Number(match[6] ?? 0)];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && !leap ? 28 : (DAYS[month - 1] ?? 0);
  if (year < 1 || day < 1 || day > days || hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute - zoneMinutes(match[8]), second);
  return fromParts(date, (match[7] ?? '').slice(0, 7).padEnd(7, '0'));
}

function zoneMinutes(zone: string | undefined): number {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0;
  const digits = zone.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -minutes : minutes;
}

function fromParts(date: Date, fraction: string): string | undefined {
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return undefined;
  const day = `${pad(year, 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`;
  const time = `${pad(date.getUTCHours(), 2)}:${pad(date.getUTCMinutes(), 2)}:${pad(date.getUTCSeconds(), 2)}`;
  return `${day}T${time}.${fraction}Z`;
}

/**
 * A Unix time whose unit is told by its size (s, ms, µs or ns; text, number or bigint) in the form of `normalizeTime`.
 * Anything that is not a number of a plausible size (1970–9999) gives `undefined`.
 */
export function normalizeEpoch(value: unknown): string | undefined {
  const text =
    typeof value === 'string'
      ? value.trim()
      : typeof value === 'number' || typeof value === 'bigint'
        ? String(value)
        : '';
  const match = /^(\d{1,19})(?:\.(\d{1,12}))?$/.exec(text);
  if (match === null) return undefined;
  const whole = match[1]!;
  const scale = whole.length <= 11 ? 0 : whole.length <= 14 ? 3 : whole.length <= 17 ? 6 : 9;
  const digits = whole.padStart(scale + 1, '0') + (match[2] ?? '');
  const split = whole.padStart(scale + 1, '0').length - scale;
  const seconds = Number(digits.slice(0, split));
  const date = new Date(seconds * 1000);
  return fromParts(date, digits.slice(split, split + 7).padEnd(7, '0'));
}
