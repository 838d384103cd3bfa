import { defineFunction } from '../define';
import { azimuth, isPlace } from './support/sphere';

/** Radians clockwise from north; null if a coordinate is none, or the places are one or opposite. */
export const geoAzimuth = defineFunction({
  name: 'geo_azimuth',
  docs: 'geo-azimuth-function',
  params: ['real', 'real', 'real', 'real'],
  returns: 'real',
  impl: (longitude1: number, latitude1: number, longitude2: number, latitude2: number) =>
    isPlace(longitude1, latitude1) && isPlace(longitude2, latitude2)
      ? azimuth(longitude1, latitude1, longitude2, latitude2)
      : null,
});
