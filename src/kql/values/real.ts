/**
 * Text of a real as Kusto prints it (.NET's shortest round-trip form): `1.0`, `0.1`, `1E+15`, `1E-05`, `NaN`, `∞` as `Infinity`.
 */
export function formatReal(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return '0.0';
  const [mantissa, exponentText] = value.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  if (exponent < -5 || exponent >= 15) {
    const digits = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}E${exponent < 0 ? '-' : '+'}${digits}`;
  }
  const plain = plainDigits(mantissa, exponent);
  return plain.includes('.') ? plain : `${plain}.0`;
}

function plainDigits(mantissa: string, exponent: number): string {
  const negative = mantissa.startsWith('-');
  const digits = mantissa.replace('-', '').replace('.', '');
  let text: string;
  if (exponent < 0) text = `0.${'0'.repeat(-exponent - 1)}${digits}`;
  else if (digits.length <= exponent + 1) text = digits.padEnd(exponent + 1, '0');
  else text = `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
  return negative ? `-${text}` : text;
}

const REAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Text → real, or null. Takes `nan`, `inf`, `+inf`, `-inf` in any case. */
export function parseReal(text: string): number | null {
  const s = text.trim();
  if (REAL.test(s)) return Number(s);
  switch (s.toLowerCase()) {
    case 'nan':
      return Number.NaN;
    case 'inf':
    case '+inf':
    case 'infinity':
    case '+infinity':
      return Number.POSITIVE_INFINITY;
    case '-inf':
    case '-infinity':
      return Number.NEGATIVE_INFINITY;
    default:
      return null;
  }
}
