import { defineFunction } from './define';
import { geohashOf, rectangleOf } from './support/geohash';

/** Steps to the east and to the north, in the order of the documentation. */
const AROUND = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [0, 1],
  [-1, 0],
  [1, 1],
  [1, 0],
  [0, -1],
] as const;

/** Geohashes of the rectangles around, none beyond the poles; null if the text is no geohash. */
export const geoGeohashNeighbors = defineFunction({
  name: 'geo_geohash_neighbors',
  docs: 'geo-geohash-neighbors-function',
  params: ['string'],
  returns: 'dynamic',
  impl: (geohash: string) => {
    const rectangle = rectangleOf(geohash);
    if (!rectangle) return null;
    const [west, south, east, north] = rectangle;
    return AROUND.flatMap(([toEast, toNorth]) => {
      const longitude = (west + east) / 2 + toEast * (east - west);
      const latitude = (south + north) / 2 + toNorth * (north - south);
      if (Math.abs(latitude) > 90) return [];
      const turn = longitude > 180 ? -360 : longitude < -180 ? 360 : 0;
      return [geohashOf(longitude + turn, latitude, geohash.length)];
    });
  },
});
