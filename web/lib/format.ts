const NUMBER = new Intl.NumberFormat('en');

export const count = (value: number): string => NUMBER.format(value);

/** `1 alert`, `2 alerts`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** `2026-01-02 03:04:05` in UTC; times of an event keep what they say. */
export const time = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, 19);
export const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

/** An ISO time as it is read: without decimals that say nothing. */
export const isoTime = (iso: string): string =>
  iso.replace('T', ' ').replace(/(\.\d*?)0*Z$/, (_, decimals: string) => (decimals.length > 1 ? decimals : ''));

const STEPS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** `1h`, `3 min`, `12 s`: the largest unit that is whole, or the largest that fits. */
export function duration(ms: number): string {
  const [size, unit] = STEPS.find(([step]) => ms >= step && ms % step === 0) ?? STEPS[3];
  return `${NUMBER.format(Math.round(ms / size))} ${unit}`;
}

/** How long until or since, roughly. */
export function roughly(ms: number): string {
  const [size, unit] = STEPS.find(([step]) => Math.abs(ms) >= step) ?? STEPS[3];
  const value = Math.abs(ms) / size;
  return `${value < 10 && size > 1_000 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} ${unit}`;
}

export const ago = (ms: number, from: number): string =>
  ms >= from ? `in ${roughly(ms - from)}` : `${roughly(from - ms)} ago`;

export function bytes(size: number): string {
  if (size < 1_024) return `${size} B`;
  return size < 1_048_576 ? `${(size / 1_024).toFixed(1)} KB` : `${(size / 1_048_576).toFixed(1)} MB`;
}

/** `LateralMovement` as `Lateral Movement`. */
export const words = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2');

/** A cell of a result as text. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
