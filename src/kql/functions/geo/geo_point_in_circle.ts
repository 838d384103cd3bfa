import { defineFunction } from '../define';
import { distance, isPlace } from './support/sphere';

/** `radius`: metres along the surface. Null if a coordinate is none, or the radius not positive. */
export const geoPointInCircle = defineFunction({
  name: 'geo_point_in_circle',
  docs: 'geo-point-in-circle-function',
  params: ['real', 'real', 'real', 'real', 'real'],
  returns: 'bool',
  impl: (longitude: number, latitude: number, centreLongitude: number, centreLatitude: number, radius: number) =>
    isPlace(longitude, latitude) && isPlace(centreLongitude, centreLatitude) && radius > 0
      ? distance(longitude, latitude, centreLongitude, centreLatitude) <= radius
      : null,
});
