import { TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_MS, TICKS_PER_SECOND } from './datetime';
import { fitsLong } from './long';

/** `[-][d.]hh:mm:ss[.fffffff]`. https://learn.microsoft.com/kusto/query/scalar-data-types/timespan */
export function formatTimespan(ticks: bigint): string {
  const sign = ticks < 0n ? '-' : '';
  const t = ticks < 0n ? -ticks : ticks;
  const two = (value: bigint): string => String(value).padStart(2, '0');
  const days = t / TICKS_PER_DAY;
  const fraction = t % TICKS_PER_SECOND;
  const clock = `${two((t / TICKS_PER_HOUR) % 24n)}:${two((t / TICKS_PER_MINUTE) % 60n)}:${two((t / TICKS_PER_SECOND) % 60n)}`;
  return `${sign}${days > 0n ? `${days}.` : ''}${clock}${fraction > 0n ? `.${String(fraction).padStart(7, '0')}` : ''}`;
}

const CLOCK = /^(-)?(?:(\d{1,8})(?:\.|:(?=\d+:\d+:\d)))?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7})\d*)?)?$/;
const UNITS = new Map<string, bigint>([
  ['d', TICKS_PER_DAY],
  ['day', TICKS_PER_DAY],
  ['days', TICKS_PER_DAY],
  ['h', TICKS_PER_HOUR],
  ['hr', TICKS_PER_HOUR],
  ['hrs', TICKS_PER_HOUR],
  ['hour', TICKS_PER_HOUR],
  ['hours', TICKS_PER_HOUR],
  ['m', TICKS_PER_MINUTE],
  ['min', TICKS_PER_MINUTE],
  ['minute', TICKS_PER_MINUTE],
  ['minutes', TICKS_PER_MINUTE],
  ['s', TICKS_PER_SECOND],
  ['sec', TICKS_PER_SECOND],
  ['second', TICKS_PER_SECOND],
  ['seconds', TICKS_PER_SECOND],
  ['ms', TICKS_PER_MS],
  ['milli', TICKS_PER_MS],
  ['millis', TICKS_PER_MS],
  ['millisecond', TICKS_PER_MS],
  ['milliseconds', TICKS_PER_MS],
  ['micro', 10n],
  ['micros', 10n],
  ['microsecond', 10n],
  ['microseconds', 10n],
  ['nanosecond', 0n],
  ['nanoseconds', 0n],
  ['tick', 1n],
  ['ticks', 1n],
]);

/** `1.02:03:04.5`, `00:01`, `2` (days) or a literal such as `1.5h` → ticks, or null. */
export function parseTimespan(text: string): bigint | null {
  const s = text.trim();
  const clock = CLOCK.exec(s);
  if (clock) {
    const [, minus, days, hours, minutes, seconds, fraction] = clock;
    if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 59) return null;
    const ticks =
      BigInt(days ?? 0) * TICKS_PER_DAY +
      BigInt(hours!) * TICKS_PER_HOUR +
      BigInt(minutes!) * TICKS_PER_MINUTE +
      BigInt(seconds ?? 0) * TICKS_PER_SECOND +
      BigInt((fraction ?? '').padEnd(7, '0') || 0);
    return minus ? -ticks : ticks;
  }
  const literal = /^([+-]?\d{1,18})(?:\.(\d{1,18}))?\s*([a-z]*)$/i.exec(s);
  if (!literal) return null;
  const unit = literal[3] === '' ? TICKS_PER_DAY : UNITS.get(literal[3]!.toLowerCase());
  if (unit === undefined) return null;
  const decimals = literal[2] ?? '';
  const scale = 10n ** BigInt(decimals.length);
  const whole = BigInt(literal[1]!);
  const part = BigInt(decimals || 0);
  const scaled = whole * scale + (s.startsWith('-') ? -part : part);
  const ticks = (scaled * unit) / scale;
  return fitsLong(ticks) ? ticks : null;
}
