/** Mean radius of the Earth in metres: distances of Kusto's documentation are on a sphere of this size. */
const EARTH_RADIUS = 6_371_010;

/** Of length 1, from the centre of the sphere. */
export type Vector = readonly [number, number, number];

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Whether longitude and latitude, in degrees, are a place. */
export const isPlace = (longitude: number, latitude: number): boolean =>
  Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;

export function vectorOf(longitude: number, latitude: number): Vector {
  const [lambda, phi] = [radians(longitude), radians(latitude)];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

/** Metres along the great circle between two places in degrees. */
export function distance(longitude1: number, latitude1: number, longitude2: number, latitude2: number): number {
  const [phi1, phi2] = [radians(latitude1), radians(latitude2)];
  const half =
    Math.sin((phi2 - phi1) / 2) ** 2 +
    Math.cos(phi1) * Math.cos(phi2) * Math.sin(radians(longitude2 - longitude1) / 2) ** 2;
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** Direction from one place to another: radians clockwise from north, in [0, 2π). Null where every direction would do. */
export function azimuth(longitude1: number, latitude1: number, longitude2: number, latitude2: number): number | null {
  const [phi1, phi2] = [radians(latitude1), radians(latitude2)];
  const delta = radians(longitude2 - longitude1);
  const east = Math.sin(delta) * Math.cos(phi2);
  const north = Math.cos(phi1) * Math.sin(phi2) - Math.sin(phi1) * Math.cos(phi2) * Math.cos(delta);
  if (Math.hypot(east, north) < 1e-15) return null;
  const angle = Math.atan2(east, north);
  return angle < 0 ? angle + 2 * Math.PI : angle;
}

export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
