import { defineFunction } from '../define';
import { geohashOf, isGeohashLength } from './support/geohash';
import { isPlace } from './support/sphere';

/** `accuracy`: characters, 1 to 18, 5 by default. "" if a coordinate or the accuracy is none. */
export const geoPointToGeohash = defineFunction({
  name: 'geo_point_to_geohash',
  docs: 'geo-point-to-geohash-function',
  params: ['real', 'real', 'long'],
  optional: 1,
  returns: 'string',
  impl: (longitude: number, latitude: number, accuracy: number | bigint = 5) =>
    isPlace(longitude, latitude) && isGeohashLength(Number(accuracy))
      ? geohashOf(longitude, latitude, Number(accuracy))
      : '',
});
