import { geohashOf } from './support/geohash';
import { defineOfGeohash } from './support/geohash_function';

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
export const geoGeohashNeighbors = defineOfGeohash('neighbors', ([west, south, east, north], geohash) =>
  AROUND.flatMap(([toEast, toNorth]) => {
    const longitude = (west + east) / 2 + toEast * (east - west);
    const latitude = (south + north) / 2 + toNorth * (north - south);
    if (Math.abs(latitude) > 90) return [];
    const turn = longitude > 180 ? -360 : longitude < -180 ? 360 : 0;
    return [geohashOf(longitude + turn, latitude, geohash.length)];
  }),
);
