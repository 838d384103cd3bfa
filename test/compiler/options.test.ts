import { queryTable } from '../support/kql';

describe('set statements', () => {
  it('give bin_auto its size and start', () => {
    const text = (options: string): string =>
      `${options} datatable(t:datetime)[datetime(2017-01-01 00:05), datetime(2017-01-01 01:04), datetime(2017-01-01 01:05)] | summarize count() by bin_auto(t)`;
    expect(queryTable(text('set query_bin_auto_size=1h; set query_bin_auto_at=datetime(2017-01-01 00:05);'))).toEqual({
      columns: [
        { name: 't', type: 'datetime' },
        { name: 'count_', type: 'long' },
      ],
      rows: [
        ['2017-01-01T00:05:00.0000000Z', 2],
        ['2017-01-01T01:05:00.0000000Z', 1],
      ],
    });
    expect(queryTable(text('set query_bin_auto_size=1h;')).rows).toEqual([
      ['2017-01-01T00:00:00.0000000Z', 1],
      ['2017-01-01T01:00:00.0000000Z', 2],
    ]);
    expect(() => queryTable(text(''))).toThrow('set query_bin_auto_size');
  });

  it('put another time in the place of now', () => {
    expect(queryTable('set query_now=datetime(2020-01-01); print now(), ago(1d), now(1h), datetime()').rows).toEqual([
      ['2020-01-01', '2019-12-31', '2020-01-01T01:00', '2020-01-01'].map(
        (text) => `${text.slice(0, 10)}T${text.slice(11) || '00:00'}:00.0000000Z`,
      ),
    ]);
  });

  it('of other names change nothing', () => {
    expect(queryTable('set notruncation; set querytrace=true; print 1').rows).toEqual([[1]]);
  });
});

describe('datetime()', () => {
  it('is the current time', () => {
    expect(queryTable('print datetime()', '2026-01-02T03:04:05Z').rows).toEqual([['2026-01-02T03:04:05.0000000Z']]);
  });
});

describe('consume', () => {
  it('gives no row', () => {
    expect(queryTable('print x=1 | consume').rows).toEqual([]);
  });
});
