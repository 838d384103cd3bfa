import { dynamicReal } from '../../values/json';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { numbersOf, realSeries } from '../support/series';
import { polynomialAt, polynomialThrough, quality } from './support/regression';

const MAX_DEGREE = 16;

/** (y[, x = 1, 2, …[, degree = 1]]) → [rsquare, coefficients, variance, rvariance, poly_fit], the columns of the result. */
export const seriesFitPoly = defineFunction({
  name: 'series_fit_poly',
  docs: 'series-fit-poly-function',
  params: ['dynamic', 'dynamic', 'long'],
  optional: 2,
  returns: 'dynamic',
  impl: (ySeries: Dynamic, xSeries?: Dynamic, degree: number | bigint = 1) => {
    const y = numbersOf(ySeries);
    const x = xSeries === undefined ? y?.map((_, i) => i + 1) : numbersOf(xSeries);
    if (!y || !x || x.length !== y.length || degree < 0 || degree > MAX_DEGREE) return null;
    const coefficients = polynomialThrough(x, y, Number(degree));
    if (coefficients === null) return null;
    const { rsquare, variance, rvariance, fit } = quality(
      y,
      x.map((value) => polynomialAt(coefficients, value)),
    );
    return [
      dynamicReal(rsquare),
      realSeries(coefficients),
      dynamicReal(variance),
      dynamicReal(rvariance),
      realSeries(fit),
    ];
  },
});
