import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { isInside, parsePolygons } from './support/geo_polygon';
import { isPlace, vectorOf } from './support/sphere';

/** Null if a coordinate is none, or the polygon no GeoJSON Polygon or MultiPolygon. */
export const geoPointInPolygon = defineFunction({
  name: 'geo_point_in_polygon',
  docs: 'geo-point-in-polygon-function',
  params: ['real', 'real', 'dynamic'],
  returns: 'bool',
  bind: (args) => {
    const polygon = args[2]!;
    const known = polygon.constant ? parsePolygons(polygon.value as Dynamic) : undefined;
    return (longitude: number, latitude: number, given: Dynamic) => {
      const polygons = known === undefined ? parsePolygons(given) : known;
      return polygons && isPlace(longitude, latitude) ? isInside(polygons, vectorOf(longitude, latitude)) : null;
    };
  },
});
