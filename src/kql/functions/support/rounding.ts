/** Rounds half away from zero to a number of decimal places, of tens where negative. */
export function roundReal(value: number, places: number): number {
  if (!Number.isFinite(value)) return value;
  const digits = Math.max(-308, Math.min(308, places));
  const scale = 10 ** Math.abs(digits);
  const scaled = digits >= 0 ? value * scale : value / scale;
  if (!Number.isFinite(scaled)) return value;
  const rounded = Math.sign(scaled) * Math.round(Math.abs(scaled));
  return (digits >= 0 ? rounded / scale : rounded * scale) + 0;
}
