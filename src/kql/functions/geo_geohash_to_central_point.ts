import type { Dynamic } from '../values/types';
import { defineFunction } from './define';
import { rectangleOf } from './support/geohash';
import { realSeries } from './support/series';

/** A GeoJSON Point; null if the text is no geohash. */
export const geoGeohashToCentralPoint = defineFunction({
  name: 'geo_geohash_to_central_point',
  docs: 'geo-geohash-to-central-point-function',
  params: ['string'],
  returns: 'dynamic',
  impl: (geohash: string) => {
    const rectangle = rectangleOf(geohash);
    if (!rectangle) return null;
    const [west, south, east, north] = rectangle;
    return new Map<string, Dynamic>([
      ['type', 'Point'],
      ['coordinates', realSeries([(west + east) / 2, (south + north) / 2])],
    ]);
  },
});
