const DIGITS = '0123456789bcdefghjkmnpqrstuvwxyz';
const MAX_LENGTH = 18;

/** Degrees: west, south, east, north. */
export type Rectangle = readonly [west: number, south: number, east: number, north: number];

export const isGeohashLength = (length: number): boolean => length >= 1 && length <= MAX_LENGTH;

/** Geohash of a place in degrees, of `length` characters. */
export function geohashOf(longitude: number, latitude: number, length: number): string {
  let [west, south, east, north] = [-180, -90, 180, 90];
  let text = '';
  for (let digit = 0, bit = 0; text.length < length; bit++) {
    // Bits alternate between longitude and latitude, the first is of the longitude.
    if (bit % 2 === 0) {
      const middle = (west + east) / 2;
      digit = digit * 2 + (longitude >= middle ? 1 : 0);
      if (longitude >= middle) west = middle;
      else east = middle;
    } else {
      const middle = (south + north) / 2;
      digit = digit * 2 + (latitude >= middle ? 1 : 0);
      if (latitude >= middle) south = middle;
      else north = middle;
    }
    if (bit % 5 === 4) {
      text += DIGITS[digit];
      digit = 0;
    }
  }
  return text;
}

/** What a geohash stands for; null: it is none. */
export function rectangleOf(geohash: string): Rectangle | null {
  if (!isGeohashLength(geohash.length)) return null;
  let [west, south, east, north] = [-180, -90, 180, 90];
  let isLongitude = true;
  for (const character of geohash) {
    const digit = DIGITS.indexOf(character);
    if (digit < 0) return null;
    for (let mask = 16; mask > 0; mask >>= 1, isLongitude = !isLongitude) {
      const isUpper = (digit & mask) !== 0;
      const middle = isLongitude ? (west + east) / 2 : (south + north) / 2;
      if (isLongitude) {
        if (isUpper) west = middle;
        else east = middle;
      } else if (isUpper) south = middle;
      else north = middle;
    }
  }
  return [west, south, east, north];
}
