import Decimal from 'decimal.js';

/**
 * decimal.js with the range of Kusto's decimal. Its page says 128 bits wide and nothing of its range, so that of IEEE 754 decimal128 holds:
 * 34 digits, 10^-6143 … 10^6144. Unbounded, a text of eleven characters stands for more digits than memory holds.
 * https://learn.microsoft.com/kusto/query/scalar-data-types/decimal
 */
export const Decimal128 = Decimal.clone({ precision: 34, maxE: 6144, minE: -6143, defaults: true });

/** A decimal in range, rounded to 34 digits; null where it is too large. What is too small is 0. */
export function checkedDecimal(value: Decimal): Decimal | null {
  const rounded = new Decimal128(value).toSignificantDigits(34);
  return rounded.isFinite() ? rounded : null;
}

/** Text of a decimal number → decimal, or null where it is too large. Throws where it is no number. */
export const decimalOf = (text: string): Decimal | null => checkedDecimal(new Decimal128(text));
