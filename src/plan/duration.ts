const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;

const SHORT = /^(\d{1,9})\s*(d|h|m|s)$/i;
const ISO = /^P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?$/i;
const CLOCK = /^(?:(\d{1,6})\.)?(\d{1,2}):(\d{2}):(\d{2})$/;

/**
 * Reads a duration in any form that rules use, in milliseconds: `1h` (rule files), `PT1H` or `P1D` (ISO 8601,
 * ARM templates), `1.00:00:00` (.NET). Undefined if the text is none of them.
 */
export function parseDuration(text: string): number | undefined {
  const written = text.trim();
  const short = SHORT.exec(written);
  if (short) return Number(short[1]) * UNIT_MS[short[2]!.toLowerCase() as keyof typeof UNIT_MS];
  const clock = CLOCK.exec(written);
  if (clock) return total(0, clock[1], clock[2], clock[3], clock[4]);
  const iso = ISO.exec(written);
  if (iso && /\d[a-z]$/i.test(written)) return total(Number(iso[1] ?? 0), iso[2], iso[3], iso[4], iso[5]);
  return undefined;
}

/** Milliseconds as rule files write them: `1h`, `14d`, `90m`. The largest unit that divides it. */
export function formatDuration(ms: number): string {
  for (const [unit, size] of Object.entries(UNIT_MS)) {
    if (ms !== 0 && ms % size === 0) return `${ms / size}${unit}`;
  }
  return ms === 0 ? '0s' : `${ms}ms`;
}

function total(weeks: number, days?: string, hours?: string, minutes?: string, seconds?: string): number {
  return (
    (weeks * 7 + Number(days ?? 0)) * UNIT_MS.d +
    Number(hours ?? 0) * UNIT_MS.h +
    Number(minutes ?? 0) * UNIT_MS.m +
    Number(seconds ?? 0) * UNIT_MS.s
  );
}
