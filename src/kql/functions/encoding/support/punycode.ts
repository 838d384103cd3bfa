/**
 * Punycode (RFC 3492). Both directions are null where the text cannot be written so. Time is quadratic in the length, so longer texts
 * than any domain label are refused.
 */
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_N = 128;
const MAX_LENGTH = 1024;
const MAX_CODEPOINT = 0x10ffff;

function adapt(delta: number, count: number, first: boolean): number {
  let rest = first ? Math.floor(delta / DAMP) : delta >> 1;
  rest += Math.floor(rest / count);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}

const threshold = (k: number, bias: number): number => Math.max(T_MIN, Math.min(T_MAX, k - bias));
const digitText = (digit: number): string => String.fromCharCode(digit < 26 ? 97 + digit : 22 + digit);

export function encodePunycode(text: string): string | null {
  if (text.length > MAX_LENGTH) return null;
  const codepoints = Array.from(text, (character) => character.codePointAt(0)!);
  const basic = codepoints.filter((codepoint) => codepoint < INITIAL_N);
  let result = String.fromCharCode(...basic);
  if (basic.length > 0) result += '-';
  let n = INITIAL_N;
  let delta = 0;
  let bias = INITIAL_BIAS;
  let done = basic.length;
  while (done < codepoints.length) {
    const next = codepoints.reduce((least, c) => (c >= n && c < least ? c : least), MAX_CODEPOINT + 1);
    delta += (next - n) * (done + 1);
    n = next;
    for (const codepoint of codepoints) {
      if (codepoint < n) delta++;
      if (codepoint !== n) continue;
      let q = delta;
      for (let k = BASE; ; k += BASE) {
        const t = threshold(k, bias);
        if (q < t) break;
        result += digitText(t + ((q - t) % (BASE - t)));
        q = Math.floor((q - t) / (BASE - t));
      }
      result += digitText(q);
      bias = adapt(delta, done + 1, done === basic.length);
      delta = 0;
      done++;
    }
    delta++;
    n++;
  }
  return result;
}

function digitOf(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 22;
  if (unit >= 65 && unit <= 90) return unit - 65;
  return unit >= 97 && unit <= 122 ? unit - 97 : BASE;
}

export function decodePunycode(text: string): string | null {
  if (text.length > MAX_LENGTH || /[^\x00-\x7f]/.test(text)) return null;
  const dash = text.lastIndexOf('-');
  const output = dash > 0 ? Array.from(text.slice(0, dash), (character) => character.codePointAt(0)!) : [];
  let n = INITIAL_N;
  let i = 0;
  let bias = INITIAL_BIAS;
  for (let at = dash > 0 ? dash + 1 : 0; at < text.length; ) {
    const before = i;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const digit = at < text.length ? digitOf(text.charCodeAt(at++)) : BASE;
      if (digit >= BASE) return null;
      i += digit * weight;
      if (!Number.isSafeInteger(i)) return null;
      const t = threshold(k, bias);
      if (digit < t) break;
      weight *= BASE - t;
    }
    const count = output.length + 1;
    bias = adapt(i - before, count, before === 0);
    n += Math.floor(i / count);
    i %= count;
    if (n > MAX_CODEPOINT || (n >= 0xd800 && n <= 0xdfff)) return null;
    output.splice(i++, 0, n);
  }
  return String.fromCodePoint(...output);
}

const ACE_PREFIX = /^xn--/i;

/** Every label of a domain name that has other than ASCII characters becomes `xn--…`. */
export function encodeDomain(domain: string): string | null {
  const labels = domain.split('.').map((label) => {
    if (!/[^\x00-\x7f]/.test(label)) return label;
    const encoded = encodePunycode(label);
    return encoded === null ? null : `xn--${encoded}`;
  });
  return labels.includes(null) ? null : labels.join('.');
}

/** And back. */
export function decodeDomain(domain: string): string | null {
  const labels = domain.split('.').map((label) => (ACE_PREFIX.test(label) ? decodePunycode(label.slice(4)) : label));
  return labels.includes(null) ? null : labels.join('.');
}
