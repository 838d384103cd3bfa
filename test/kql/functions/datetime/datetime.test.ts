import { queryTable } from '../../../support/kql';
import { expectValues, valuesOf } from '../../../support/values';

const iso = (day: string): string => `${day}T00:00:00.0000000Z`;

describe('datetime literals', () => {
  it('take dots, any number of digits, and nothing for the present', () => {
    expectValues([
      ['datetime(2015.12.31)', iso('2015-12-31')],
      ['datetime(2015.12.31 23:59:59.9)', '2015-12-31T23:59:59.9000000Z'],
      ['todatetime("2014-05-25T08:20:03.1234567891234Z")', '2014-05-25T08:20:03.1234567Z'],
      ['datetime() == now()', true],
      ['datetime(null)', null],
    ]);
  });
});

describe('parts of a datetime', () => {
  it('counts weeks by ISO 8601, and by the older rule under the older name', () => {
    expectValues([
      ['week_of_year(datetime(2020-12-31))', 53],
      ['week_of_year(datetime(2000-01-01))', 52],
      ['week_of_year(datetime(2017-01-01))', 52],
      ['weekofyear(datetime(2017-01-01))', 1],
      ['weekofyear(datetime(2020-12-31))', 53],
      ['datetime_part("week_of_year", datetime(2018-12-31))', 1],
      ['datetime_part("weekofyear", datetime(2017-01-01))', 1],
    ]);
  });

  it('reads parts below a second', () => {
    expectValues([
      ['datetime_part("Millisecond", datetime(2017-10-30 01:02:03.7654321))', 765],
      ['datetime_part("MICROSECOND", datetime(2017-10-30 01:02:03.7654321))', 765432],
      ['datetime_part("nanosecond", datetime(2017-10-30 01:02:03.7654321))', 765432100],
    ]);
  });

  it('gives null for null', () => {
    const { rows } = queryTable(
      'datatable(t:datetime)[datetime(null)] | project dayofweek(t), getmonth(t), startofweek(t), datetime_add("day",1,t), datetime_diff("day",t,t), format_datetime(t,"yy")',
    );
    expect(rows).toEqual([[null, null, null, null, null, '']]);
  });

  it('works before 1970 and at the ends of the range', () => {
    expectValues([
      ['dayofweek(datetime(0001-01-01))', '1.00:00:00'],
      ['dayofyear(datetime(1600-12-31))', 366],
      ['endofyear(datetime(9999-05-05))', '9999-12-31T23:59:59.9999999Z'],
      ['endofyear(datetime(9999-05-05), 1)', null],
      ['startofweek(datetime(0001-01-01))', null],
      ['startofday(datetime(2020-01-01), 9223372036854775807)', null],
    ]);
  });
});

describe('datetime_add and datetime_diff', () => {
  it('keeps to the last day of a shorter month', () => {
    expectValues([
      ['datetime_add("month", 1, datetime(2024-01-31 12:00))', '2024-02-29T12:00:00.0000000Z'],
      ['datetime_add("year", 1, datetime(2024-02-29))', iso('2025-02-28')],
      ['datetime_add("quarter", -1, datetime(2024-05-31))', iso('2024-02-29')],
    ]);
  });

  it('gives null out of range', () => {
    expectValues([
      ['datetime_add("year", 8000, datetime(2024-01-01))', null],
      ['datetime_add("day", -1, datetime(0001-01-01))', null],
      ['datetime_add("month", 9007199254740993, datetime(2024-01-01))', null],
    ]);
  });

  it('counts boundaries, not time', () => {
    expectValues([
      ['datetime_diff("day", datetime(2024-01-02 00:00:01), datetime(2024-01-01 23:59:59))', 1],
      ['datetime_diff("year", datetime(2023-12-31), datetime(2024-01-01))', -1],
      ['datetime_diff("week", datetime(2017-10-29), datetime(2017-09-30 23:59))', 5],
      [
        'datetime_diff("nanosecond", datetime(2017-10-30 23:00:00.0000000), datetime(2017-10-30 23:00:00.0000007))',
        -700,
      ],
    ]);
  });
});

describe('making datetimes and timespans', () => {
  it('gives null for what no clock or calendar shows', () => {
    expectValues([
      ['make_datetime(2024, 2, 30)', null],
      ['make_datetime(2024, 1, 1, 24, 0)', null],
      ['make_datetime(2024, 1, 1, 23, 59, 59.9999999)', '2024-01-01T23:59:59.9999999Z'],
      ['make_datetime("2024-05-05")', iso('2024-05-05')],
      ['make_timespan(1, 12, 30, 55.123)', '1.12:30:55.1230000'],
      ['make_timespan(25, 0)', null],
      ['make_timespan(1, 60)', null],
      ['make_timespan("1.02:03:04")', '1.02:03:04'],
    ]);
  });

  it('reads Unix times of whole and broken units, and none beyond year 9999', () => {
    expectValues([
      ['unixtime_seconds_todatetime(1546300800.5)', '2019-01-01T00:00:00.5000000Z'],
      ['unixtime_seconds_todatetime(-1)', '1969-12-31T23:59:59.0000000Z'],
      ['unixtime_seconds_todatetime(1e18)', null],
      ['unixtime_nanoseconds_todatetime(1546300800000000150)', '2019-01-01T00:00:00.0000001Z'],
    ]);
  });
});

describe('formats', () => {
  it('knows the documented elements', () => {
    expectValues([
      [
        'format_datetime(datetime(2009-06-15T13:45:30.05), "y yy yyyy f ff F FF h hh H HH tt")',
        '9 09 2009 0 05  05 1 01 13 13 PM',
      ],
      ['format_datetime(datetime(2009-06-15T00:09:30.0001150), "h:m:s.fffffff FFFFFFF")', '12:9:30.0001150 000115'],
      ['format_datetime(datetime(2024-01-01), "yyyy-MM-ddTHH:mm:ssZ")', '2024-01-01T00:00:00Z'],
      [
        'format_timespan(time(15.13:45:30.6175425), "d dd ddd hh:mm:ss.ffff [FFFFFFF] H")',
        '15 15 015 13:45:30.6175 [6175425] 13',
      ],
      ['format_timespan(-1h, "hh:mm")', '01:00'],
    ]);
  });

  it('refuses others', () => {
    expect(() => valuesOf('format_datetime(now(), "MMM")')).toThrow('MMM');
  });
});

describe('time zones', () => {
  it('shifts by the offset of the day', () => {
    expectValues([
      ['datetime_utc_to_local(datetime(2022-07-11 22:18:48.4678620), "US/Pacific")', '2022-07-11T15:18:48.4678620Z'],
      ['datetime_utc_to_local(datetime(2022-01-11), "US/Pacific")', '2022-01-10T16:00:00.0000000Z'],
      ['datetime_utc_to_local(datetime(2022-07-11), "Asia/Kathmandu")', '2022-07-11T05:45:00.0000000Z'],
      ['datetime_utc_to_local(datetime(9999-12-31 23:30), "Asia/Kathmandu")', null],
    ]);
  });

  it('reads skipped and repeated hours with the offset of summer', () => {
    expectValues([
      ['datetime_local_to_utc(datetime(2022-03-27 02:00), "Europe/Brussels")', iso('2022-03-27')],
      ['datetime_local_to_utc(datetime(2022-10-30 02:30), "Europe/Brussels")', '2022-10-30T00:30:00.0000000Z'],
      ['datetime_local_to_utc(datetime(2022-10-30 03:00), "Europe/Brussels")', '2022-10-30T02:00:00.0000000Z'],
      ['datetime_local_to_utc(datetime(2022-10-30 01:59), "Europe/Brussels")', '2022-10-29T23:59:00.0000000Z'],
    ]);
  });

  it('refuses unknown names in the query, gives null for them in rows', () => {
    expect(() => valuesOf('datetime_utc_to_local(now(), "Mars/Olympus")')).toThrow("unknown time zone 'Mars/Olympus'");
    const { rows } = queryTable(
      'datatable(z:string)["Mars/Olympus", "+01:00", "", "utc"] | project datetime_utc_to_local(datetime(2022-07-11), z)',
    );
    expect(rows).toEqual([[null], [null], [null], [iso('2022-07-11')]]);
  });

  it('lists them', () => {
    expect(valuesOf('datetime_list_timezones()')[0]).toEqual(
      expect.arrayContaining(['UTC', 'Europe/Paris', 'Asia/Tokyo']),
    );
  });
});
