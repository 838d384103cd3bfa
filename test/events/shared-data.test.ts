import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decode } from '../../src/events/decode';

jest.setTimeout(60_000);

/** Real Sysmon events that may lie beside the project; without them there is nothing to check here. */
const DATA = join(__dirname, '../../../shared/data');
const whenPresent = existsSync(DATA) ? describe : describe.skip;

const linesOf = (name: string): string[] => {
  const bytes = readFileSync(join(DATA, name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().split('\n').filter(Boolean);
};

/** The event as Windows renders it, made from its row. */
function asWindowsXml(row: Record<string, unknown>): string {
  const data = /<EventData[^>]*>.*<\/EventData>/s.exec(String(row.EventData))![0];
  const system =
    `<Provider Name='${row.Source}'/><EventID>${row.EventID}</EventID><Level>${row.EventLevel}</Level><Task>${row.EventCategory}</Task>` +
    `<TimeCreated SystemTime='${String(row.TimeGenerated).replace('Z', '00Z')}'/><Channel>${row.EventLog}</Channel>` +
    `<Computer>${row.Computer}</Computer><Security UserID='S-1-5-18'/>`;
  const quoted = data.replace(/<Data Name="([^"]*)">/g, "<Data Name='$1'>").replace(/<EventData[^>]*>/, '<EventData>');
  return `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>${system}</System>${quoted}</Event>`;
}

const withoutWrapper = (data: unknown) => String(data).replace(/^<DataItem[^>]*>/, '');

whenPresent('real Sysmon events', () => {
  it.each([
    ['sysmon-event-hub-messages.ndjson', 'Event', 212],
    ['sysmon-event-table.ndjson', 'Event', 212],
    ['sysmon-windowsevent-table.ndjson', 'WindowsEvent', 487],
    ['sysmon-stream-20k.ndjson.gz', 'Event', 20_000],
  ])('%s: every event is a row', (name, table, count) => {
    const results = linesOf(name).map((line) => decode({ body: Buffer.from(line) }));
    expect(results.flatMap(({ rejected }) => rejected)).toEqual([]);
    const tables = results.flatMap(({ records }) => records.map((record) => record.table));
    expect([tables.length, [...new Set(tables)]]).toEqual([count, [table]]);
  });

  it('is the same row as exported and as the XML of Windows', () => {
    for (const line of [
      ...linesOf('sysmon-event-table.ndjson'),
      ...linesOf('sysmon-stream-20k.ndjson.gz').slice(0, 2000),
    ]) {
      const exported = JSON.parse(line);
      const { records, rejected } = decode({ body: Buffer.from(asWindowsXml(exported)) });
      expect(rejected).toEqual([]);
      const { EventData, UserName: _user, ParameterXml: _values, ...columns } = records[0]!.fields;
      expect(withoutWrapper(EventData)).toBe(withoutWrapper(exported.EventData));
      expect(exported).toMatchObject(columns);
    }
  });
});
