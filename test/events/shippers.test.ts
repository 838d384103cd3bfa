import { gzipSync } from 'node:zlib';
import { decode } from '../../src/events/decode';
import { onlyRow, readSample } from './sample';

const exported = onlyRow(readSample('log-analytics-export.ndjson'));
const NO_AGENT = '00000000-0000-0000-0000-000000000000';

/** Columns that the event itself determines; the others are the workspace's or the agent's. */
const COLUMNS = [
  'TimeGenerated',
  'Type',
  'SourceSystem',
  'Source',
  'EventLog',
  'Computer',
  'EventID',
  'EventLevel',
  'EventLevelName',
  'EventCategory',
  'UserName',
  'EventData',
  'ParameterXml',
];
const expected = Object.fromEntries(COLUMNS.map((column) => [column, exported[column]]));
const withTime = (time: string) => ({
  ...expected,
  TimeGenerated: time,
  EventData: String(exported.EventData).replace(/time="[^"]*"/, `time="${time}"`),
});
const relevant = (row: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(row).filter(([column]) => column !== 'RenderedDescription'));

describe('what a shipper puts on the hub is the row that Log Analytics would hold', () => {
  it('checks against a row that has what the samples could lose', () => {
    expect(exported.EventData).toContain('<Data Name="CurrentDirectory">C:\\R&amp;D &lt;lab&gt;\\</Data>');
    expect(exported.EventData).toContain(`sourceHealthServiceId="${NO_AGENT}"`);
  });

  it.each([
    ['windows-event.xml'],
    ['windows-event-pretty.xml'],
    ['azure-diagnostics-extension.json'],
    ['winlogbeat.json'],
    ['winlogbeat-include-xml.json'],
    ['elastic-agent-sysmon.json'],
    ['nxlog.ndjson'],
    ['nxlog.xml'],
    ['fluent-bit-xml.ndjson'],
    ['vector-raw-xml.ndjson'],
    ['vector-windows-event-log.ndjson'],
    ['cribl.ndjson'],
    ['openwec.ndjson'],
    ['opentelemetry-otlp.json'],
    ['opentelemetry-otlp-raw.json'],
    ['opentelemetry-body.ndjson'],
    ['fluentd.ndjson'],
    ['winlogbeat-6.ndjson'],
    ['openwec-json.ndjson'],
    ['evtx-dump.ndjson'],
    ['splunk-hec.ndjson'],
  ])('%s', (name) => {
    expect(relevant(onlyRow(readSample(name)))).toEqual(expected);
  });

  it.each(['fluent-bit.ndjson', 'fluent-bit-text.ndjson'])('%s, whose time has whole seconds', (name) => {
    expect(relevant(onlyRow(readSample(name)))).toEqual(withTime('2026-03-14T14:31:07.0000000Z'));
  });

  it('syslog.txt: JSON and XML after headers of either form', () => {
    const { records, rejected } = decode({ body: readSample('syslog.txt') });
    expect(rejected).toEqual([]);
    expect(records.map(({ fields }) => relevant(fields))).toEqual([expected, expected]);
  });

  it('windows-event-forwarding.xml: two rendered events in Events', () => {
    const { records, rejected } = decode({ body: readSample('windows-event-forwarding.xml') });
    expect(rejected).toEqual([]);
    expect(records.map(({ index, table }) => [index, table])).toEqual([
      [0, 'Event'],
      [1, 'Event'],
    ]);
    for (const { fields } of records) expect(relevant(fields)).toEqual(expected);
    const lines = String(exported.RenderedDescription).replaceAll('\r\n', '\n');
    expect(records[0]!.fields.RenderedDescription).toBe(lines);
  });

  it.each([
    'nxlog.ndjson',
    'azure-diagnostics-extension.json',
    'fluent-bit.ndjson',
    'fluent-bit-xml.ndjson',
    'opentelemetry-body.ndjson',
    'fluentd.ndjson',
    'fluent-bit-text.ndjson',
    'winlogbeat.json',
    'winlogbeat-include-xml.json',
    'winlogbeat-6.ndjson',
    'elastic-agent-sysmon.json',
    'openwec-json.ndjson',
    'vector-windows-event-log.ndjson',
  ])('%s keeps the rendered message', (name) => {
    expect(onlyRow(readSample(name)).RenderedDescription).toBe(exported.RenderedDescription);
  });

  it('reads exported rows one a line with CRLF, every column kept', () => {
    const { records, rejected } = decode({ body: readSample('log-analytics-storage.ndjson') });
    expect(rejected).toEqual([]);
    expect(records.map(({ table }) => table)).toEqual(['Event', 'Event']);
    expect(records[0]!.fields).toEqual(exported);
  });

  it.each(['windows-event.xml', 'winlogbeat.json', 'log-analytics-export.ndjson'])(
    '%s compressed with gzip',
    (name) => {
      expect(onlyRow(gzipSync(readSample(name)))).toEqual(onlyRow(readSample(name)));
    },
  );

  it.each(['windows-event.xml', 'nxlog.ndjson'])('%s in UTF-16, either order, with a byte order mark', (name) => {
    const little = Buffer.from(`\ufeff${readSample(name).toString()}`, 'utf16le');
    expect(onlyRow(little)).toEqual(onlyRow(readSample(name)));
    expect(onlyRow(Buffer.from(little).swap16())).toEqual(onlyRow(readSample(name)));
  });
});

describe('tables of their own', () => {
  it('WindowsEvent rows stay what they are', () => {
    const { records } = decode({ body: readSample('windowsevent-table.ndjson') });
    expect(records[0]).toMatchObject({
      table: 'WindowsEvent',
      fields: { EventID: 1, Provider: 'Microsoft-Windows-Sysmon' },
    });
    expect(JSON.parse(String(records[0]!.fields.EventData)).ParentUser).toBe('NT AUTHORITY\\SYSTEM');
  });

  it("Defender XDR's stream is rows of the table that its category names", () => {
    const { records } = decode({ body: readSample('defender-xdr.json') });
    expect(records[0]).toMatchObject({
      table: 'DeviceProcessEvents',
      fields: {
        TimeGenerated: '2026-03-14T14:31:07.1230000Z',
        Type: 'DeviceProcessEvents',
        FileName: 'mmc.exe',
        ProcessId: 9948,
      },
    });
    expect(records[0]!.fields).not.toHaveProperty('Timestamp');
  });

  it("Entra ID's sign-ins have the columns of SigninLogs", () => {
    const { records } = decode({ body: readSample('entra-signin.json') });
    expect(records[0]).toMatchObject({
      table: 'SigninLogs',
      fields: {
        TimeGenerated: '2026-03-14T14:31:07.1234567Z',
        UserPrincipalName: 'anna.berg@example.com',
        IPAddress: '203.0.113.7',
        ResultType: '50126',
        Location: 'DE',
        LocationDetails: { city: 'Berlin' },
        Status: { errorCode: 50126 },
      },
    });
  });

  it('other resource logs are AzureDiagnostics, properties with the suffix of their type', () => {
    const record = {
      time: '2026-03-14T14:31:07Z',
      resourceId: '/SUBSCRIPTIONS/X/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV',
      category: 'AuditEvent',
    };
    const body = Buffer.from(
      JSON.stringify({
        records: [{ ...record, properties: { id: 'a', httpStatusCode: 200, isOk: true, nested: { x: 1 } } }],
      }),
    );
    expect(decode({ body }).records[0]).toMatchObject({
      table: 'AzureDiagnostics',
      fields: {
        Category: 'AuditEvent',
        ResourceGroup: 'RG',
        Resource: 'KV',
        id_s: 'a',
        httpStatusCode_d: 200,
        isOk_b: true,
        nested_x_d: 1,
      },
    });
  });
});
