import { unsupported } from '../../errors';
import { defineFunction } from '../define';
import { distance, isPlace } from './support/sphere';

/** Metres on the sphere; null if a coordinate is none. On the spheroid is not supported. */
export const geoDistance2Points = defineFunction({
  name: 'geo_distance_2points',
  docs: 'geo-distance-2points-function',
  params: ['real', 'real', 'real', 'real', 'bool'],
  optional: 1,
  returns: 'real',
  bind: (args) => {
    if (args[4] && !(args[4].constant && args[4].value === false)) {
      throw unsupported('geo_distance_2points() measures on the sphere: leave use_spheroid out');
    }
    return (longitude1: number, latitude1: number, longitude2: number, latitude2: number) =>
      isPlace(longitude1, latitude1) && isPlace(longitude2, latitude2)
        ? distance(longitude1, latitude1, longitude2, latitude2)
        : null;
  },
});
