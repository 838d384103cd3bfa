import { queryTable } from '../../../support/kql';
import { expectValues, valuesOf } from '../../../support/values';

describe('element-wise functions', () => {
  it('gives null where an element has no number beside it', () => {
    expectValues([
      ['series_add(dynamic([1,2,4]), dynamic([4,"x"]))', [5, null, null]],
      ['series_subtract(dynamic([1,2]), 1)', [0, 1]],
      ['series_multiply(2, dynamic([1.5,null,3]))', [3, null, 6]],
      ['series_divide(dynamic([1,2,0]), dynamic([4,0,0]))', [0.25, 'Infinity', 'NaN']],
      ['series_pow(dynamic([1,2,3,4]), dynamic([1,2,3,0.5]))', [1, 4, 27, 2]],
      ['series_less_equals(dynamic([1,2,4]), dynamic([1,1,"x"]))', [true, false, null]],
      ['series_not_equals(dynamic([1,2]), 2)', [true, false]],
      ['series_sign(dynamic([-6,0,8.5,"x"]))', [-1, 0, 1, null]],
      ['series_ceiling(dynamic([-1.5,1,2.5]))', [-1, 1, 3]],
    ]);
  });

  it('keeps integers integers where Kusto does', () => {
    expectValues([
      ['tostring(series_add(dynamic([9007199254740993]), 1))', '[9007199254740994]'],
      ['tostring(series_add(dynamic([1]), 1.0))', '[2.0]'],
      ['tostring(series_divide(dynamic([4]), 2))', '[2.0]'],
      ['tostring(series_abs(dynamic([-4,-1.5])))', '[4,1.5]'],
    ]);
  });

  it('gives null for what is no series', () => {
    const { rows } = queryTable(
      'datatable(d:dynamic)[dynamic({"a":1}), dynamic(null)] | project series_add(d, 1), series_exp(d), series_sum(d), series_fill_forward(d), series_fir(d, dynamic([1]))',
    );
    expect(rows).toEqual([Array(5).fill(null), Array(5).fill(null)]);
  });
});

describe('totals', () => {
  it('sums up', () => {
    expectValues([
      ['series_sum(dynamic([1,2,3,4]))', 10],
      ['series_product(dynamic([1,2,3,4]))', 24],
      ['series_magnitude(dynamic([3,4]))', 5],
      ['series_sum(dynamic([1,"x"]))', null],
      ['series_dot_product(dynamic([1,2,4]), dynamic([4,2]))', 8],
      ['series_dot_product(dynamic([2,4,8]), 2)', 28],
      ['series_dot_product(dynamic([]), dynamic([1]))', null],
      ['series_pearson_correlation(dynamic([1,2,3,4,5]), dynamic([2,4,6,8,10]))', 1],
      ['series_pearson_correlation(dynamic([1,2]), dynamic([1]))', null],
      ['round(series_cosine_similarity(dynamic([1,0]), dynamic([1,1])), 2)', 0.71],
      ['series_cosine_similarity(dynamic([3,4]), dynamic([3,4]), 5.0, 10.0)', 0.5],
    ]);
  });
});

describe('series_stats', () => {
  const series = 'dynamic([23, 46, 23, 87, 4, 8, 3, 75, 2, 56, 13, 75, 32, 16, 29])';

  it('has a column for each statistic', () => {
    const { columns, rows } = queryTable(`print x=${series} | project series_stats(x)`);
    expect(columns.map(({ name }) => name.replace('series_stats_x_', ''))).toEqual([
      'min',
      'min_idx',
      'max',
      'max_idx',
      'avg',
      'stdev',
      'variance',
    ]);
    expect(rows[0]!.slice(0, 5)).toEqual([2, 8, 87, 3, 32.8]);
    expect(rows[0]![5]).toBeCloseTo(28.5036338535483, 10);
    expect(rows[0]![6]).toBeCloseTo(812.457142857143, 10);
  });

  it('passes over what is not finite only if told to', () => {
    expectValues([
      ['series_stats_dynamic(dynamic([1,null,3])).avg', null],
      [
        'series_stats_dynamic(dynamic([1,null,3]), true)',
        { min: 1, min_idx: 0, max: 3, max_idx: 2, avg: 2, stdev: Math.SQRT2, variance: 2, sum: 4, len: 2 },
      ],
    ]);
  });
});

describe('filling', () => {
  it('fills from neighbours, constants and lines', () => {
    expectValues([
      ['series_fill_forward(dynamic([null,36,null,16,null]))', [null, 36, 36, 16, 16]],
      ['series_fill_backward(dynamic([null,36,null,16,null]))', [36, 36, 16, 16, null]],
      ['series_fill_backward(dynamic([-1,36,null,-1]), -1)', [36, 36, null, -1]],
      ['series_fill_const(dynamic([1,null,-1]), 7)', [1, 7, -1]],
      ['series_fill_const(dynamic([1,null,-1]), 0.5, -1)', [1, null, 0.5]],
      ['series_fill_linear(dynamic([null,111.0,null,36.0,null]))', [111, 111, 73.5, 36, 36]],
      ['series_fill_linear(dynamic([null,111,null,36,null]))', [111, 111, 73, 36, 36]],
      ['series_fill_linear(dynamic([null,111,null,36,null]), real(null), false)', [null, 111, 73, 36, null]],
      ['series_fill_linear(dynamic([null,null]))', [0, 0]],
      ['series_fill_linear(dynamic([null,null]), real(null), true, 0.75)', [0.75, 0.75]],
      ['series_fill_linear(dynamic([0.5,-1.0,2.5]), -1)', [0.5, 1.5, 2.5]],
    ]);
  });
});

describe('filters', () => {
  it('averages, differences and sums up', () => {
    expectValues([
      ['series_fir(dynamic([10,20,40]), dynamic([1,1]))', [5, 15, 30]],
      ['series_fir(dynamic([10,20,60]), dynamic([1,1,1]), true, true)', [10, 30, 80 / 3]],
      ['series_fir(dynamic([0,2,2,3]), dynamic([1,-1]))', [0, 2, 0, 1]],
      ['series_fir(dynamic([1]), dynamic([1,-1]), true)', null],
      ['series_iir(range(1.0, 4.0, 1.0), dynamic([1]), dynamic([1,-1]))', [1, 3, 6, 10]],
      ['series_iir(dynamic([1]), dynamic([1]), dynamic([0]))', null],
    ]);
  });
});

describe('fits', () => {
  it('finds the line of the documented example', () => {
    const { rows } = queryTable(
      'print y=dynamic([2,5,6,8,11,15,17,18,25,26,30,30]) | extend (r,s,v,rv,i,fit)=series_fit_line(y) | project round(r,3), round(s,3), round(v,3), round(rv,3), round(i,3), round(todouble(fit[0]),3)',
    );
    expect(rows).toEqual([[0.983, 2.731, 98.629, 1.686, -1.667, 1.064]]);
  });

  it('finds a polynomial again', () => {
    const [value] = valuesOf('series_fit_poly(dynamic([3,6,11,18,27]), dynamic([1,2,3,4,5]), 2)') as [unknown];
    const { rows } = queryTable(
      'print y=dynamic([3,6,11,18,27]) | extend (r, c)=series_fit_poly(y, dynamic([1,2,3,4,5]), 2) | project r, c',
    );
    expect(value).toBeCloseTo(1, 10);
    (rows[0]![1] as number[]).forEach((coefficient, i) => {
      expect(coefficient).toBeCloseTo([1, 0, 2][i]!, 9);
    });
  });

  it('transforms and back', () => {
    const { rows } = queryTable(
      'print x=dynamic([1,2,3,4,0,7]) | extend (r,i)=series_fft(x) | extend (a,b)=series_ifft(r,i) | project a, b, r',
    );
    const [back, imaginary, real] = rows[0] as [number[], number[], number[]];
    back.forEach((value, i) => {
      expect(value).toBeCloseTo([1, 2, 3, 4, 0, 7][i]!, 10);
    });
    for (const value of imaginary) expect(value).toBeCloseTo(0, 10);
    expect(real[0]).toBeCloseTo(17, 10);
  });
});

describe('decomposition', () => {
  it('takes season, then trend, then what is left', () => {
    const { columns, rows } = queryTable(
      'print x=dynamic([1,2,3,2,3,4,3,4,5]) | project series_decompose(x, 3, "linefit")',
    );
    expect(columns.map(({ name }) => name)).toEqual(
      ['baseline', 'seasonal', 'trend', 'residual'].map((part) => `series_decompose_x_${part}`),
    );
    const [baseline, seasonal, trend, residual] = rows[0] as number[][];
    expect(seasonal).toEqual([2, 3, 4, 2, 3, 4, 2, 3, 4]);
    expect(trend![4]).toBeCloseTo(0, 10);
    [1, 2, 3, 2, 3, 4, 3, 4, 5].forEach((value, i) => {
      expect(baseline![i]! + residual![i]!).toBeCloseTo(value, 10);
    });
  });

  it('predicts from a line', () => {
    const { rows } = queryTable(
      'print x=dynamic([1,2,3,4,0,0]) | extend f=series_decompose_forecast(x, 2, 0, "linefit") | project f',
    );
    (rows[0]![0] as number[]).forEach((value, i) => {
      expect(value).toBeCloseTo(i + 1, 10);
    });
  });

  it('takes the median of each phase', () => {
    expectValues([['series_seasonal(dynamic([1,3,5,2,4,6]), 3)', [1.5, 3.5, 5.5, 1.5, 3.5, 5.5]]]);
  });

  it('detects a period where none is given', () => {
    const series = '[1,5,9,4,1,5,9,4,1,5,9,4,1,5,9,4]';
    expectValues([
      [`series_seasonal(dynamic(${series}))`, [1, 5, 9, 4, 1, 5, 9, 4, 1, 5, 9, 4, 1, 5, 9, 4]],
      ['series_seasonal(dynamic([3,1,4,1,5,9]), -1)', [0, 0, 0, 0, 0, 0]],
      [`series_periods_detect(dynamic(${series}), 0.0, 8.0, 2)[0]`, [4, 0]],
    ]);
  });

  it('finds the weekly period of traffic that is counted twice a day', () => {
    const y =
      'dynamic([80, 139, 87, 110, 68, 54, 50, 51, 53, 133, 86, 141, 97, 156, 94, 149, 95, 140, 77, 61, 50, 54, 47, 133, 72, 152, 94, 148, 105, 162, 101, 160, 87, 63, 53, 55, 54, 151, 103, 189, 108, 183, 113, 175, 113, 178, 90, 71, 62, 62, 65, 165, 109, 181, 115, 182, 121, 178, 114, 170])';
    expectValues([[`series_periods_detect(${y}, 0.0, 50.0, 2)[0]`, [14, 0]]]);
    const { rows } = queryTable(`print y=${y} | project series_periods_validate(y, 14.0, 10.0)`);
    const [periods, scores] = rows[0] as [number[], number[]];
    expect(periods).toEqual([14, 10]);
    expect(scores[0]).toBeGreaterThan(0.8);
    expect(scores[1]).toBe(0);
  });
});

describe('outliers of series', () => {
  it('scores by ranges beyond the percentiles', () => {
    expectValues([
      ['series_outliers(dynamic([1,2,3,4,5]), "tukey")', [-0.5, 0, 0, 0, 0.5]],
      ['series_outliers(dynamic([0,10,20,30,40,50,60,70,80,90,260]))', [-0.125, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2.125]],
      ['series_outliers(dynamic([0,10,20,30,40,50,60,70,80,90,-1]), "ctukey", -1)[10]', 0],
      ['series_outliers(dynamic([1,1,1,1,1]))', [0, 0, 0, 0, 0]],
    ]);
    expect(() => valuesOf('series_outliers(dynamic([1]), "x")')).toThrow('tukey, ctukey');
  });

  it('flags what a decomposition leaves', () => {
    const { columns, rows } = queryTable(
      'print y=dynamic([2,3,4,2,3,4,2,3,4,2,30,4,2,3,4,2,3,-30]) | project series_decompose_anomalies(y, 1.5, 3)',
    );
    expect(columns.map(({ name }) => name)).toEqual([
      'series_decompose_anomalies_y_ad_flag',
      'series_decompose_anomalies_y_ad_score',
      'series_decompose_anomalies_y_baseline',
    ]);
    const flags = rows[0]![0] as number[];
    expect(flags[10]).toBe(1);
    expect(flags[17]).toBe(-1);
    expect(flags.filter((flag) => flag !== 0)).toHaveLength(2);
  });

  it('gives the three series names of their own', () => {
    const { columns, rows } = queryTable(
      'print y=dynamic([1,1,1,1,1,1,1,1,1,1,1,9]) | extend (flag, score, base)=series_decompose_anomalies(y, 1.5, 0, "none") | project flag, base',
    );
    expect(columns.map(({ name }) => name)).toEqual(['flag', 'base']);
    expect(rows).toEqual([
      [
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      ],
    ]);
    expect(() => valuesOf('series_decompose_anomalies(dynamic([1]), 1.5, 0, "line")')).toThrow('avg, linefit, none');
  });
});

describe('two lines', () => {
  it('meet where the fit is best', () => {
    const { rows } = queryTable(
      'print y=dynamic([1,2,3,4,10,8,6,4]) | extend f=series_fit_2lines_dynamic(y) | project f.split_idx, f.left.slope, f.right.slope, f.rsquare',
    );
    const [split, left, right, rsquare] = rows[0] as number[];
    expect(split).toBe(4);
    expect(left).toBeCloseTo(1, 9);
    expect(right).toBeCloseTo(-2, 9);
    expect(rsquare).toBeCloseTo(1, 9);
  });

  it('give the columns of the documentation', () => {
    const { columns, rows } = queryTable('print y=dynamic([1,2,3,1]) | project series_fit_2lines(y)');
    expect(columns).toHaveLength(15);
    expect(rows[0]![1]).toBe(2);
    expect(queryTable('print y=dynamic([1]) | extend (r, s)=series_fit_2lines(y) | project r, s').rows).toEqual([
      [null, null],
    ]);
  });
});
