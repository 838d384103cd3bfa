import type { Dynamic } from '../../../values/types';
import { defineFunction, type ScalarFunction } from '../../define';
import { type Rectangle, rectangleOf } from './geohash';

/** `geo_geohash_…(geohash)`: something of the rectangle that a geohash stands for; null if the text is none. */
export const defineOfGeohash = (
  name: string,
  impl: (rectangle: Rectangle, geohash: string) => Dynamic,
): ScalarFunction =>
  defineFunction({
    name: `geo_geohash_${name}`,
    docs: `geo-geohash-${name.replaceAll('_', '-')}-function`,
    params: ['string'],
    returns: 'dynamic',
    impl: (geohash: string) => {
      const rectangle = rectangleOf(geohash);
      return rectangle && impl(rectangle, geohash);
    },
  });
