import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { seriesFitLine } from './series_fit_line';

const KEYS = ['rsquare', 'slope', 'variance', 'rvariance', 'interception', 'line_fit'];

export const seriesFitLineDynamic = defineFunction({
  name: 'series_fit_line_dynamic',
  docs: 'series-fit-line-dynamic-function',
  params: ['dynamic'],
  returns: 'dynamic',
  impl: (series: Dynamic) => {
    const values = seriesFitLine.impl!(series) as Dynamic[] | null;
    return values === null ? null : new Map(KEYS.map((key, i): [string, Dynamic] => [key, values[i]!]));
  },
});
