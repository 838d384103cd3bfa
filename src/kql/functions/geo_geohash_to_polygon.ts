import type { Dynamic } from '../values/types';
import { defineFunction } from './define';
import { rectangleOf } from './support/geohash';
import { realSeries } from './support/series';

/** A GeoJSON Polygon, counterclockwise from the south-west; null if the text is no geohash. */
export const geoGeohashToPolygon = defineFunction({
  name: 'geo_geohash_to_polygon',
  docs: 'geo-geohash-to-polygon-function',
  params: ['string'],
  returns: 'dynamic',
  impl: (geohash: string) => {
    const rectangle = rectangleOf(geohash);
    if (!rectangle) return null;
    const [west, south, east, north] = rectangle;
    const corners = [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ];
    return new Map<string, Dynamic>([
      ['type', 'Polygon'],
      ['coordinates', [corners.map(realSeries)]],
    ]);
  },
});
