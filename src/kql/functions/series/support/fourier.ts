import type { Dynamic } from '../../../values/types';
import { defineFunction, type ScalarFunction } from '../../define';
import { numbersOf, realSeries } from '../../support/series';

/** Longest series whose length is no power of two: those take n² steps. */
const MAX_ODD_LENGTH = 4096;
const MAX_LENGTH = 1 << 20;

interface Complex {
  readonly real: number[];
  readonly imaginary: number[];
}

/** `sign` -1: forward; 1: inverse, without the division by n. */
function transform({ real, imaginary }: Complex, sign: 1 | -1): Complex {
  const n = real.length;
  if (n <= 1) return { real, imaginary };
  if (n % 2 !== 0) return direct({ real, imaginary }, sign);
  const half = (parity: number): Complex =>
    transform(
      { real: real.filter((_, i) => i % 2 === parity), imaginary: imaginary.filter((_, i) => i % 2 === parity) },
      sign,
    );
  const even = half(0);
  const odd = half(1);
  const result: Complex = { real: new Array<number>(n), imaginary: new Array<number>(n) };
  for (let k = 0; k < n / 2; k++) {
    const angle = (sign * 2 * Math.PI * k) / n;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const re = odd.real[k]! * c - odd.imaginary[k]! * s;
    const im = odd.real[k]! * s + odd.imaginary[k]! * c;
    result.real[k] = even.real[k]! + re;
    result.imaginary[k] = even.imaginary[k]! + im;
    result.real[k + n / 2] = even.real[k]! - re;
    result.imaginary[k + n / 2] = even.imaginary[k]! - im;
  }
  return result;
}

function direct({ real, imaginary }: Complex, sign: 1 | -1): Complex {
  const n = real.length;
  const result: Complex = { real: [], imaginary: [] };
  for (let k = 0; k < n; k++) {
    let [re, im] = [0, 0];
    for (let t = 0; t < n; t++) {
      const angle = (sign * 2 * Math.PI * ((k * t) % n)) / n;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      re += real[t]! * c - imaginary[t]! * s;
      im += real[t]! * s + imaginary[t]! * c;
    }
    result.real.push(re);
    result.imaginary.push(im);
  }
  return result;
}

const isFast = (n: number): boolean => n <= MAX_LENGTH && n / (n & -n) <= MAX_ODD_LENGTH;

/** `series_fft`, `series_ifft`: (real[, imaginary]) → [real, imaginary], the columns of the result; null for what is no series. */
export const fourier = (name: string, direction: 'forward' | 'inverse'): ScalarFunction =>
  defineFunction({
    name,
    docs: `${name.replaceAll('_', '-')}-function`,
    params: ['dynamic', 'dynamic'],
    optional: 1,
    returns: 'dynamic',
    impl: (realPart: Dynamic, imaginaryPart?: Dynamic) => {
      const real = numbersOf(realPart);
      const imaginary = imaginaryPart === undefined ? real?.map(() => 0) : numbersOf(imaginaryPart);
      if (!real || !imaginary || real.length !== imaginary.length || !isFast(real.length)) return null;
      const result = transform({ real, imaginary }, direction === 'forward' ? -1 : 1);
      const scale = direction === 'forward' ? 1 : 1 / real.length;
      return [realSeries(result.real.map((x) => x * scale)), realSeries(result.imaginary.map((x) => x * scale))];
    },
  });
