import { queryTable } from '../../../support/kql';

const value = (expression: string): unknown => queryTable(`print x = ${expression}`).rows[0]![0];
const QUARTER = (Math.PI / 2) * 6_371_010;

describe('distances on the sphere', () => {
  it('are metres along great circles', () => {
    expect(value('geo_distance_2points(0, 0, 90, 0)')).toBeCloseTo(QUARTER, 3);
    expect(value('geo_distance_2points(13, -90, -77, 90)')).toBeCloseTo(2 * QUARTER, 3);
    expect(value('geo_distance_2points(179.5, 0, -179.5, 0)')).toBeCloseTo(QUARTER / 90, 3);
    expect(value('geo_distance_2points(2.3522, 48.8566, -0.1276, 51.5072, false)')).toBeCloseTo(343_528, -2);
    expect(value('geo_distance_2points(1, 2, 1, 2)')).toBe(0);
  });

  it('are null where there is no such place', () => {
    expect(value('geo_distance_2points(181, 0, 0, 0)')).toBeNull();
    expect(value('geo_distance_2points(0, 0, 0, -90.5)')).toBeNull();
    expect(value('geo_distance_2points(0, real(nan), 0, 0)')).toBeNull();
    expect(value('geo_distance_2points(0, real(null), 0, 0)')).toBeNull();
    expect(() => value('geo_distance_2points(0, 0, 1, 1, true)')).toThrow('on the sphere');
  });

  it('tell what is in a circle', () => {
    expect(value('geo_point_in_circle(10, 50, 10.1, 50, 8000)')).toBe(true);
    expect(value('geo_point_in_circle(10, 50, 10.1, 50, 7000)')).toBe(false);
    expect(value('geo_point_in_circle(10, 50, 10, 50, 0)')).toBeNull();
    expect(value('geo_point_in_circle(10, 95, 10, 50, 5)')).toBeNull();
  });
});

describe('directions', () => {
  it('are radians clockwise from north', () => {
    expect(value('geo_azimuth(0, 0, 0, 10)')).toBe(0);
    expect(value('geo_azimuth(0, 0, 10, 0)')).toBeCloseTo(Math.PI / 2, 12);
    expect(value('geo_azimuth(0, 0, -10, 0)')).toBeCloseTo((3 * Math.PI) / 2, 12);
    expect(value('geo_azimuth(7, 7, 7, 7)')).toBeNull();
    expect(value('geo_azimuth(0, 0, 180, 0)')).toBeNull();
  });

  it('are angles between two lines', () => {
    expect(value('geo_angle(0, 10, 0, 0, 10, 0)')).toBeCloseTo(Math.PI / 2, 12);
    expect(value('geo_angle(10, 0, 0, 0, 0, 10)')).toBeCloseTo((3 * Math.PI) / 2, 12);
    expect(value('geo_angle(0, 0, 0, 0, 0, 10)')).toBeNull();
  });
});

describe('geo_point_in_polygon', () => {
  const SQUARE = '[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]';
  const HOLE = '[[4, 4], [4, 6], [6, 6], [6, 4], [4, 4]]';
  const inside = (place: string, polygon: string): unknown =>
    value(`geo_point_in_polygon(${place}, parse_json('${polygon}'))`);
  const polygon = (...rings: string[]): string => `{"type":"Polygon","coordinates":[${rings}]}`;

  it('looks at the shell and the holes', () => {
    expect(inside('3, 3', polygon(SQUARE))).toBe(true);
    expect(inside('5, 5', polygon(SQUARE))).toBe(true);
    expect(inside('5, 5', polygon(SQUARE, HOLE))).toBe(false);
    expect(inside('3, 3', polygon(SQUARE, HOLE))).toBe(true);
    expect(inside('11, 5', polygon(SQUARE))).toBe(false);
    expect(inside('-175, -5', polygon(SQUARE))).toBe(false);
  });

  it('has great circles for edges: the one from (0, 50) to (90, 50) bulges to the north', () => {
    const arch = '[[0, 50], [45, 40], [90, 50], [0, 50]]';
    expect(inside('45, 58', polygon(arch))).toBe(true);
    expect(inside('45, 60', polygon(arch))).toBe(false);
  });

  it('works over the date line and the pole', () => {
    const line = '[[170, -10], [-170, -10], [-170, 10], [170, 10], [170, -10]]';
    expect(inside('180, 0', polygon(line))).toBe(true);
    expect(inside('-175, 5', polygon(line))).toBe(true);
    expect(inside('0, 0', polygon(line))).toBe(false);
    const pole = '[[0, 80], [90, 80], [180, 80], [-90, 80], [0, 80]]';
    expect(inside('33, 89.5', polygon(pole))).toBe(true);
    expect(inside('33, -89.5', polygon(pole))).toBe(false);
  });

  it('takes several polygons, and gives every place to one of two that meet', () => {
    const other = SQUARE.replaceAll('10', '20').replaceAll('0]', '0.0]');
    expect(inside('15, 15', `{"type":"MultiPolygon","coordinates":[[${SQUARE}],[${other}]]}`)).toBe(true);
    const right = '[[10, 0], [20, 0], [20, 10], [10, 10], [10, 0]]';
    for (const place of ['10, 5', '10, 0', '10, 9']) {
      expect(Number(inside(place, polygon(SQUARE))) + Number(inside(place, polygon(right)))).toBe(1);
    }
  });

  it('is null for what is no polygon or no place', () => {
    expect(inside('200, 0', polygon(SQUARE))).toBeNull();
    for (const text of [
      polygon('[[0, 0], [10, 0], [0, 0]]'),
      polygon('[[0, 0], [10, 0], [10, 10], [0, 10]]'),
      polygon('[[0, 0], [10, 0], ["x", 10], [0, 0]]'),
      polygon('[[0, 0], [10, 0], [10, 100], [0, 0]]'),
      polygon(),
      '{"type":"Point","coordinates":[1, 2]}',
      '[]',
      '',
    ]) {
      expect(inside('1, 1', text)).toBeNull();
    }
  });
});

describe('geohashes', () => {
  it('are of a place, and give it back as a rectangle', () => {
    expect(value('geo_point_to_geohash(2.2945, 48.8584, 9)')).toBe('u09tunquc');
    expect(value('geo_point_to_geohash(2.2945, 48.8584)')).toBe('u09tu');
    expect(value('geo_geohash_to_central_point("u")')).toEqual({ type: 'Point', coordinates: [22.5, 67.5] });
    expect(value('geo_geohash_to_polygon("s0")')).toEqual({
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [11.25, 0],
          [11.25, 5.625],
          [0, 5.625],
          [0, 0],
        ],
      ],
    });
    expect(value('strlen(geo_point_to_geohash(-180, -90, 18))')).toBe(18);
  });

  it('have neighbours, over the date line too', () => {
    expect(value('geo_geohash_neighbors("8")')).toEqual(['r', 'z', '3', 'b', 'x', 'c', '9', '2']);
    expect((value('geo_geohash_neighbors("u09tu")') as string[]).length).toBe(8);
    expect((value('geo_geohash_neighbors("upb")') as string[]).every((text) => text.length === 3)).toBe(true);
  });

  it('are none where there is no place or no such length', () => {
    expect(value('geo_point_to_geohash(181, 0)')).toBe('');
    expect(value('geo_point_to_geohash(0, 0, 19)')).toBe('');
    expect(value('geo_point_to_geohash(0, 0, int(null))')).toBe('');
    for (const text of ['', 'a', 'u09!', 'u'.repeat(19)]) {
      expect(value(`geo_geohash_to_central_point("${text}")`)).toBeNull();
      expect(value(`geo_geohash_to_polygon("${text}")`)).toBeNull();
      expect(value(`geo_geohash_neighbors("${text}")`)).toBeNull();
    }
  });
});
