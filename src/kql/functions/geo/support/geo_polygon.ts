import { type Dynamic, isBag } from '../../../values/types';
import { numbersOf } from '../../support/series';
import { cross, dot, isPlace, type Vector, vectorOf } from './sphere';

/** Vertices of a closed line, the first not repeated, and a place outside of it. */
interface Ring {
  readonly vertices: readonly Vector[];
  readonly outside: Vector;
}

/** Rings of GeoJSON polygons: the shell of each and its holes. */
export type Polygons = readonly (readonly Ring[])[];

/** A GeoJSON Polygon or MultiPolygon; null: it is none. */
export function parsePolygons(value: Dynamic): Polygons | null {
  if (!isBag(value)) return null;
  const coordinates = value.get('coordinates');
  if (!Array.isArray(coordinates)) return null;
  switch (value.get('type')) {
    case 'Polygon':
      return all([coordinates], parsePolygon);
    case 'MultiPolygon':
      return all(coordinates, parsePolygon);
    default:
      return null;
  }
}

/** Null if one of the parts is none, or there is no part. */
function all<T>(parts: readonly Dynamic[], parse: (part: Dynamic) => T | null): T[] | null {
  const parsed = parts.map(parse);
  return parsed.length === 0 || parsed.includes(null) ? null : (parsed as T[]);
}

const parsePolygon = (rings: Dynamic): Ring[] | null => (Array.isArray(rings) ? all(rings, parseRing) : null);

/** At least four places, the last the first again. */
function parseRing(places: Dynamic): Ring | null {
  const corners = Array.isArray(places) ? all(places, parsePlace) : null;
  if (corners === null || corners.length < 4) return null;
  const [first, last] = [corners[0]!, corners[corners.length - 1]!];
  if (first[0] !== last[0] || first[1] !== last[1]) return null;
  const vertices = corners.slice(1).map(([longitude, latitude]) => vectorOf(longitude, latitude));
  const sum = vertices.reduce<Vector>((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]], [0, 0, 0]);
  const length = Math.hypot(...sum);
  // A ring encloses half of the sphere at most: what lies opposite of its middle is outside.
  return length === 0 ? null : { vertices, outside: [-sum[0] / length, -sum[1] / length, -sum[2] / length] };
}

function parsePlace(place: Dynamic): readonly [number, number] | null {
  const [longitude, latitude] = numbersOf(place) ?? [];
  if (longitude === undefined || latitude === undefined) return null;
  return isPlace(longitude, latitude) ? [longitude, latitude] : null;
}

/** Whether a place lies in one of the polygons and in none of its holes. Edges are arcs of great circles. */
export const isInside = (polygons: Polygons, place: Vector): boolean =>
  polygons.some(([shell, ...holes]) => encloses(shell!, place) && !holes.some((hole) => encloses(hole, place)));

/** By how often the arc from the place to one outside crosses the ring. */
function encloses({ vertices, outside }: Ring, place: Vector): boolean {
  const plane = cross(place, outside);
  let inside = false;
  for (let i = 0; i < vertices.length; i++) {
    const [a, b] = [vertices[i]!, vertices[(i + 1) % vertices.length]!];
    const isLeft = dot(plane, a) >= 0;
    if (isLeft === dot(plane, b) >= 0) continue;
    const edge = cross(a, b);
    const isBefore = dot(edge, place) >= 0;
    // Of the two points in which the great circles meet, both arcs must run through the same.
    if (isBefore !== dot(edge, outside) >= 0 && isLeft !== isBefore) inside = !inside;
  }
  return inside;
}
