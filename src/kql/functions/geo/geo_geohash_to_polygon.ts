import type { Dynamic } from '../../values/types';
import { realSeries } from '../support/series';
import { defineOfGeohash } from './support/geohash_function';

/** A GeoJSON Polygon, counterclockwise from the south-west; null if the text is no geohash. */
export const geoGeohashToPolygon = defineOfGeohash('to_polygon', ([west, south, east, north]) => {
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
});
