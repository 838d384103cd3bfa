import type { Dynamic } from '../../values/types';
import { realSeries } from '../support/series';
import { defineOfGeohash } from './support/geohash_function';

/** A GeoJSON Point; null if the text is no geohash. */
export const geoGeohashToCentralPoint = defineOfGeohash('to_central_point', ([west, south, east, north]) => {
  return new Map<string, Dynamic>([
    ['type', 'Point'],
    ['coordinates', realSeries([(west + east) / 2, (south + north) / 2])],
  ]);
});
