import { defineFunction } from '../define';
import { azimuth, isPlace } from './support/sphere';

/** Radians clockwise, in [0, 2π), at the second place from the first to the third; null as for geo_azimuth. */
export const geoAngle = defineFunction({
  name: 'geo_angle',
  docs: 'geo-angle-function',
  params: ['real', 'real', 'real', 'real', 'real', 'real'],
  returns: 'real',
  impl: (...[longitude1, latitude1, longitude2, latitude2, longitude3, latitude3]: [...Six]) => {
    if (!isPlace(longitude1, latitude1) || !isPlace(longitude2, latitude2) || !isPlace(longitude3, latitude3))
      return null;
    const from = azimuth(longitude2, latitude2, longitude1, latitude1);
    const to = azimuth(longitude2, latitude2, longitude3, latitude3);
    if (from === null || to === null) return null;
    return to < from ? to - from + 2 * Math.PI : to - from;
  },
});

type Six = [number, number, number, number, number, number];
