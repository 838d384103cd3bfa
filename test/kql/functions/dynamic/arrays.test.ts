import { queryTable } from '../../../support/kql';
import { expectValues, valuesOf } from '../../../support/values';

describe('parts of arrays', () => {
  it('takes indexes from the end and passes over those outside', () => {
    expectValues([
      ['array_slice(dynamic([1,2,3]), -10, 10)', [1, 2, 3]],
      ['array_slice(dynamic([1,2,3]), 2, 1)', []],
      ['array_slice(dynamic([1,2,3]), -2, -2)', [2]],
      [
        'array_split(dynamic([1,2,3,4,5]), -2)',
        [
          [1, 2, 3],
          [4, 5],
        ],
      ],
      ['array_split(dynamic([1,2,3]), 9)', [[1, 2, 3], []]],
      ['array_split(dynamic([1,2,3,4,5]), dynamic([3,1]))', [[1, 2, 3], [], [4, 5]]],
    ]);
  });

  it('finds the n-th element of a range', () => {
    const array = 'dynamic(["this","is","an","example","an","example"])';
    expectValues([
      [`array_index_of(${array}, "example", 1, 3)`, 3],
      [`array_index_of(${array}, "example", 1, 2)`, -1],
      [`array_index_of(${array}, "an", 1, -1, 2)`, 4],
      [`array_index_of(${array}, "an", -3)`, 4],
      [`array_index_of(${array}, "an", -30)`, 2],
      [`array_index_of(${array}, "an", 0, -2)`, null],
      [`array_index_of(${array}, "an", 0, -1, -1)`, null],
      ['array_index_of(dynamic([1, 2.0]), 2)', 1],
      ['array_index_of(dynamic(["2"]), 2)', -1],
    ]);
  });

  it('gives null for what is no array', () => {
    const { rows } = queryTable(
      'datatable(d:dynamic)[dynamic({"a":1}), dynamic(null)] | project array_length(d), array_slice(d,0,1), array_reverse(d), array_concat(d,d), array_sum(d), set_union(d,d), array_rotate_left(d,1), array_sort_asc(d), zip(d,d)',
    );
    expect(rows).toEqual([Array(9).fill(null), Array(9).fill(null)]);
  });
});

describe('moving elements', () => {
  it('rotates by any count', () => {
    expectValues([
      ['array_rotate_left(dynamic([1,2,3]), 4)', [2, 3, 1]],
      ['array_rotate_right(dynamic([1,2,3]), 9223372036854775807)', [3, 1, 2]],
      ['array_rotate_left(dynamic([]), 3)', []],
    ]);
  });

  it('shifts out and fills up', () => {
    expectValues([
      ['array_shift_left(dynamic([1,2,3]), 5)', [null, null, null]],
      ['array_shift_right(dynamic([1,2,3]), 1, "x")', ['x', 1, 2]],
      ['array_shift_left(dynamic([1,2,3]), 0)', [1, 2, 3]],
      ['array_shift_left(dynamic(["a","b"]), 1)', ['b', '']],
      ['array_shift_right(dynamic(["a",1]), 1)', [null, 'a']],
      ['array_shift_left(dynamic(["a","b"]), 1, dynamic(null))', ['b', null]],
    ]);
  });
});

describe('array_sort', () => {
  it('orders by type, then by value, nulls at an end', () => {
    expectValues([
      [
        'array_sort_asc(dynamic([3,"b",null,true,1.5,"a",datetime(2020-01-01)]))',
        [1.5, 3, '2020-01-01T00:00:00.0000000Z', 'a', 'b', true, null],
      ],
      ['array_sort_desc(dynamic([3,"b",null,1.5,"a"]), false)', [null, 3, 1.5, 'b', 'a']],
    ]);
  });

  it('gives each array a column, null for one of another length', () => {
    const { rows } = queryTable('print array_sort_asc(dynamic([2,1,2]), dynamic(["a","b","c"]), dynamic([1]))');
    expect(rows).toEqual([[[1, 2, 2], ['b', 'a', 'c'], null]]);
  });
});

describe('array_iff', () => {
  it('takes numbers as conditions, and null for others', () => {
    expectValues([
      ['array_iff(dynamic([true,0,2.5,"x",null]), dynamic([1,2]), "no")', [1, 'no', null, null, null]],
      ['array_iff(dynamic([0,1]), 1, dynamic([]))', [null, 1]],
    ]);
  });
});

describe('sets', () => {
  it('counts 1 and 1.0 as one element, "1" as another', () => {
    expectValues([
      ['set_union(dynamic([1,"1"]), dynamic([1.0,2]))', [1, '1', 2]],
      ['set_intersect(dynamic([1,2,2,3]), dynamic([3.0,2]), dynamic([2,3,4]))', [2, 3]],
      ['set_difference(dynamic([1,2,2,"a"]), dynamic([1]), dynamic(["a"]))', [2]],
      ['set_has_element(dynamic([1,"a"]), "A")', false],
      ['set_has_element(dynamic(["true", ""]), true)', false],
      ['set_has_element(dynamic([{"a":[1]}]), dynamic({"a":[1.0]}))', true],
      ['set_has_element(todynamic(""), "a")', false],
      ['set_has_element(todynamic("[]"), "")', false],
      ['set_equals(dynamic([1,2,2]), dynamic([2,1]))', true],
      ['jaccard_index(dynamic([1,2,2]), dynamic([2,3]))', 1 / 3],
      ['jaccard_index(dynamic([]), dynamic([]))', 'NaN'],
    ]);
  });
});

describe('range and repeat', () => {
  it('counts up and down in the type of its ends', () => {
    expectValues([
      ['range(5, 1, -2)', [5, 3, 1]],
      ['range(1.0, 2.0, 0.25)', [1, 1.25, 1.5, 1.75, 2]],
      ['range(5, 1)', []],
      ['range(1, 5, 0)', null],
      ['range(1h, 3h)', ['01:00:00', '02:00:00', '03:00:00']],
      [
        'range(datetime(2024-01-01), datetime(2024-01-02), 12h)',
        [0, 12, 24].map((hour) => new Date(Date.UTC(2024, 0, 1, hour)).toISOString().replace('000Z', '0000000Z')),
      ],
      ['repeat("a", 2)', ['a', 'a']],
      ['repeat(1, 0)', []],
      ['repeat(1, -1)', null],
    ]);
  });

  it('is bounded', () => {
    expectValues([
      ['array_length(range(1, 1000000000000))', 1_048_576],
      ['repeat(1, 1000000000000)', null],
      ['array_concat(range(1, 1000000000), range(1, 2))', null],
    ]);
  });
});

describe('zip and treepath', () => {
  it('fills shorter arrays with null', () => {
    expectValues([
      [
        'zip(dynamic(["A",1]), dynamic([{}]), dynamic([]))',
        [
          ['A', {}, null],
          [1, null, null],
        ],
      ],
    ]);
  });

  it('lists every path once', () => {
    const tree = 'dynamic({"list":[100,"abc",{"x":"y"},{"x":1,"it\'s":2}]})';
    expect(valuesOf(`treepath(${tree})`)[0]).toEqual([
      "['list']",
      "['list'][0]",
      "['list'][0]['x']",
      "['list'][0]['it\\'s']",
    ]);
  });
});

describe('bags', () => {
  const nested = 'dynamic({"a":{"b":[1],"c.d":2}})';

  it('follows paths of keys, not of indexes', () => {
    expectValues([
      [`bag_has_key(${nested}, "a")`, true],
      [`bag_has_key(${nested}, "$.a.b")`, true],
      [`bag_has_key(${nested}, "$['a']['c.d']")`, true],
      [`bag_has_key(${nested}, "$.a.b[0]")`, false],
      [`bag_has_key(${nested}, "a.b")`, false],
      [`bag_remove_keys(${nested}, dynamic(["$.a.b","nope","$.a.x.y"]))`, { a: { 'c.d': 2 } }],
      [`bag_set_key(${nested}, "$.a.b.e", 1h)`, { a: { b: { e: '01:00:00' }, 'c.d': 2 } }],
      [`bag_set_key(${nested}, "$.x", dynamic(null))`, { a: { b: [1], 'c.d': 2 }, x: null }],
      [`bag_set_key(${nested}, "$.a[0]", 1)`, null],
    ]);
  });

  it('leaves its input as it was', () => {
    const { rows } = queryTable(
      'print d=dynamic({"a":{"b":1}}) | extend e=bag_set_key(d,"$.a.b",2), f=bag_remove_keys(d,dynamic(["$.a.b"]))',
    );
    expect(rows).toEqual([[{ a: { b: 1 } }, { a: { b: 2 } }, { a: {} }]]);
  });

  it('treats keys of the prototype as keys', () => {
    expect(JSON.stringify(valuesOf('bag_merge(bag_pack("__proto__", 1), bag_pack("constructor", 2))')[0])).toBe(
      '{"__proto__":1,"constructor":2}',
    );
  });

  it('merges the bags among its arguments', () => {
    const { rows } = queryTable(
      'datatable(a:dynamic, b:dynamic)[dynamic({"x":1}), dynamic({"x":2,"y":3}), dynamic(null), dynamic({"x":2}), dynamic(null), dynamic(null)] | project bag_merge(a, b)',
    );
    expect(rows).toEqual([[{ x: 1, y: 3 }], [{ x: 2 }], [null]]);
  });
});
