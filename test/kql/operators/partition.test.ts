import { queryTable } from '../../support/kql';

const TABLE = `datatable(k:string, v:long)["a",1, "b",5, "a",3, "c",2, "b",6, "a",2]`;
const result = (text: string): { names: string[]; rows: unknown[][] } => {
  const { columns, rows } = queryTable(`${TABLE} | ${text}`);
  return { names: columns.map(({ name }) => name), rows };
};

describe('partition', () => {
  it('runs the subquery over each value', () => {
    expect(result('partition by k (top 1 by v desc)').rows).toEqual([
      ['a', 3],
      ['b', 6],
      ['c', 2],
    ]);
    expect(result('partition hint.strategy=native by k (summarize n=count(), s=sum(v))')).toEqual({
      names: ['n', 's'],
      rows: [
        [3, 6],
        [2, 11],
        [1, 2],
      ],
    });
  });
});

describe('partition by a value, or with its rows named', () => {
  it('runs a query of its own for each value', () => {
    expect(result('partition by k { print n = strcat(toscalar(k), "!") }').rows).toEqual([['a!'], ['b!'], ['c!']]);
    expect(
      queryTable(
        'range x from 1 to 3 step 1 | partition hint.strategy=legacy by x { range y from 1 to 3 step 1 | where toscalar(x) < y }',
      ).rows,
    ).toEqual([[2], [3], [3]]);
    expect(() => queryTable('range x from 1 to 65 step 1 | partition by x { print toscalar(x) }')).toThrow('64 values');
  });

  it('reads its rows twice', () => {
    expect(
      result('partition by k (as Part | extend share = 100.0 * v / toscalar(Part | summarize sum(v)) | top 1 by v)')
        .rows,
    ).toEqual([
      ['a', 3, 50],
      ['b', 6, (100 * 6) / 11],
      ['c', 2, 100],
    ]);
    expect(
      result(
        'partition by k (as Part | join kind=inner (Part | summarize m=max(v) by k) on k | where v == m | project k, v)',
      ).rows,
    ).toEqual([
      ['a', 3],
      ['b', 6],
      ['c', 2],
    ]);
  });
});

describe('top-nested', () => {
  it('nests levels, each by its aggregate', () => {
    expect(result('top-nested 2 of k by sum(v), top-nested 1 of v by max(v)')).toEqual({
      names: ['k', 'aggregated_k', 'v', 'aggregated_v'],
      rows: [
        ['b', 11, 6, 6],
        ['a', 6, 3, 3],
      ],
    });
    expect(result('top-nested 1 of k by s=sum(v) asc, top-nested of v by max(1)').rows).toEqual([['c', 2, 2, 1]]);
  });

  it('takes expressions over aggregates', () => {
    expect(
      result('top-nested 2 of upper=toupper(k) by s=sum(v) * 2 + count() asc, top-nested 1 of v by max(v) - min(v)'),
    ).toEqual({
      names: ['upper', 's', 'v', 'aggregated_v'],
      rows: [
        ['C', 5, 2, 0],
        ['A', 15, 1, 0],
      ],
    });
  });

  it('sums up the others', () => {
    expect(result('top-nested 1 of k with others="rest" by sum(v), top-nested 1 of v by max(v)').rows).toEqual([
      ['b', 11, 6, 6],
      ['rest', 8, null, null],
    ]);
  });
});

describe('sample, sample-distinct, top-hitters', () => {
  it('take the first, and count exactly', () => {
    expect(result('sample 2').rows).toEqual([
      ['a', 1],
      ['b', 5],
    ]);
    expect(result('sample-distinct 2 of k').rows).toEqual([['a'], ['b']]);
    expect(result('top-hitters 2 of k')).toEqual({
      names: ['k', 'approximate_count_k'],
      rows: [
        ['a', 3],
        ['b', 2],
      ],
    });
    expect(result('top-hitters 1 of k by v')).toEqual({ names: ['k', 'approximate_sum_v'], rows: [['b', 11]] });
  });
});
