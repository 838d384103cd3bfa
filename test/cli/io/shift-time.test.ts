import { latestTime, shiftTimes } from '../../../cli/io/shift-time';
import { parseDatetime } from '../../../src/kql';

const HOUR = 36_000_000_000n;
const row = (fields: object) => JSON.stringify({ Type: 'Event', ...fields });

describe('shiftTimes', () => {
  it('moves TimeGenerated with all seven digits, in objects, arrays and envelopes', () => {
    expect(shiftTimes(row({ TimeGenerated: '2019-05-12T23:59:59.1234567Z' }), HOUR)).toBe(
      row({ TimeGenerated: '2019-05-13T00:59:59.1234567Z' }),
    );
    const many = `{"records": [${row({ TimeGenerated: '2020-01-01T00:00:00Z' })}, ${row({ TimeGenerated: '2020-01-01 02:00:00' })}]}`;
    expect(shiftTimes(many, -HOUR)).toBe(
      `{"records": [${row({ TimeGenerated: '2019-12-31T23:00:00.0000000Z' })}, ${row({ TimeGenerated: '2020-01-01T01:00:00.0000000Z' })}]}`,
    );
  });

  it('moves the time of a DataItem with it, and nothing else', () => {
    const data = (time: string) =>
      `<DataItem Type="System.XmlData" time="${time}" sourceHealthServiceId="x"><Data Name="CommandLine">set "TimeGenerated":"2019-05-12T10:00:00Z"</Data><Data Name="UtcTime">2019-05-12 10:00:00.000</Data></DataItem>`;
    const text = row({
      EventData: data('2019-05-12T10:00:00.0000001Z'),
      TimeGenerated: '2019-05-12T10:00:00Z',
      n: 12345678901234567890n.toString(),
    });
    expect(shiftTimes(text, HOUR)).toBe(
      row({
        EventData: data('2019-05-12T11:00:00.0000001Z'),
        TimeGenerated: '2019-05-12T11:00:00.0000000Z',
        n: '12345678901234567890',
      }),
    );
    expect(shiftTimes('{"a":12345678901234567890,"TimeGenerated":"2020-01-01T00:00:00Z","b":1.0}', HOUR)).toBe(
      '{"a":12345678901234567890,"TimeGenerated":"2020-01-01T01:00:00.0000000Z","b":1.0}',
    );
  });

  it('leaves alone what has no time, no datetime, or would leave the calendar', () => {
    expect(shiftTimes('{"a":1}', HOUR)).toBeUndefined();
    expect(shiftTimes('{"TimeGenerated":"tomorrow at noon"}', HOUR)).toBeUndefined();
    const edge = '{"TimeGenerated":"9999-12-31T23:30:00Z"}';
    expect(shiftTimes(edge, HOUR)).toBe(edge);
  });

  it('finds the latest time, in linear time also on hostile text', () => {
    const text = `[${row({ TimeGenerated: '2020-01-01T00:00:00Z' })},${row({ TimeGenerated: '2020-01-01T00:00:00.0000001Z' })}]`;
    expect(latestTime(text)).toBe(parseDatetime('2020-01-01T00:00:00.0000001Z'));
    const started = process.hrtime.bigint();
    expect(latestTime('"TimeGenerated"'.repeat(50_000))).toBeUndefined();
    expect(shiftTimes(`${row({ TimeGenerated: '2020-01-01T00:00:00Z' })}${'<DataItem '.repeat(50_000)}`, 1n)).toContain(
      '00:00:00.0000001Z',
    );
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(5_000);
  });
});
