import { queryTable } from '../../support/kql';

const schemaOf = (...values: string[]): unknown =>
  queryTable(`datatable(v:dynamic)[${values.map((v) => `dynamic(${v})`).join(', ')}] | summarize buildschema(v)`)
    .rows[0]![0];

describe('buildschema', () => {
  it('gives the least schema that admits every value', () => {
    expect(
      schemaOf(
        '{"x":1, "y":3.5}',
        '{"x":"somevalue", "z":[1, 2, 3]}',
        '{"y":{"w":"zzz"}, "t":["aa", "bb"], "z":["foo"]}',
      ),
    ).toEqual({
      x: ['long', 'string'],
      y: ['double', { w: 'string' }],
      z: { '`indexer`': ['long', 'string'] },
      t: { '`indexer`': 'string' },
    });
  });

  it('puts fields and items of one place together', () => {
    expect(schemaOf('{"a":1}', '[true]', 'null')).toEqual({ a: 'long', '`indexer`': 'bool' });
    expect(schemaOf('1')).toBe('long');
  });

  it('has a bound for keys that come from events', () => {
    const { rows } = queryTable(
      'range i from 1 to 3000 step 1 | summarize s=buildschema(bag_pack(tostring(i), i)) | project array_length(bag_keys(s))',
    );
    expect(rows).toEqual([[1000]]);
  });
});
