import { decode } from '../../src/events/decode';

/** Records in the forms that the shippers' own tests show, beyond the samples. */
const rowOf = (record: unknown): Record<string, unknown> => {
  const body = Buffer.from(typeof record === 'string' ? record : JSON.stringify(record));
  const { records, rejected } = decode({ body });
  expect(rejected).toEqual([]);
  expect(records).toHaveLength(1);
  return records[0]!.fields;
};
const dataOf = (record: unknown): string[] =>
  [...String(rowOf(record).EventData).matchAll(/<Data[^>]*>[^<]*<\/Data>/g)].map(([data]) => data);

const NS = 'http://schemas.microsoft.com/win/2004/08/events/event';
const SYSMON = { channel: 'Microsoft-Windows-Sysmon/Operational', provider_name: 'Microsoft-Windows-Sysmon' };

describe('Winlogbeat and Elastic Agent', () => {
  it('find the fields that the Sysmon module moved, where no event_data is left', () => {
    const record = {
      '@timestamp': '2019-03-18T16:57:38.981Z',
      event: { code: '5', kind: 'event', module: 'sysmon' },
      log: { level: 'information' },
      process: { entity_id: '{42F11C3B-CDF4-5C8F-0000-0010E61E2A00}', executable: 'C:\\Temp\\Sysmon.exe', pid: 4616 },
      winlog: { ...SYSMON, computer_name: 'ws', event_id: '5', task: 'Process terminated (rule: ProcessTerminate)' },
    };
    expect(rowOf(record)).toMatchObject({ EventID: 5, EventCategory: 5, EventLevelName: 'Information' });
    expect(dataOf(record)).toEqual([
      '<Data Name="RuleName"></Data>',
      '<Data Name="UtcTime">2019-03-18 16:57:38.981</Data>',
      '<Data Name="ProcessGuid">{42F11C3B-CDF4-5C8F-0000-0010E61E2A00}</Data>',
      '<Data Name="ProcessId">4616</Data>',
      '<Data Name="Image">C:\\Temp\\Sysmon.exe</Data>',
    ]);
  });

  it('take the level of the event where the agent has put it', () => {
    const winlog = { ...SYSMON, computer_name: 'ws', event_id: '22', level: 'warning', event_data: { QueryName: 'x' } };
    const record = { '@timestamp': '2021-05-05T15:30:51.692Z', winlog };
    expect(rowOf(record)).toMatchObject({ EventLevel: 3, EventLevelName: 'Warning' });
  });
});

describe('the OpenTelemetry Collector', () => {
  const body = (event_data: unknown) => ({
    event_id: { id: 7036, qualifiers: 16_384 },
    provider: { name: 'Service Control Manager', guid: 'guid', event_source: 'es' },
    system_time: '2020-07-30T01:01:01.123456789Z',
    computer: 'computer',
    channel: 'System',
    level: 'rendered_level',
    task: 'rendered_task',
    keywords: ['keyword'],
    event_data,
  });

  it('numbers values that have no name: they have none again, in their order', () => {
    expect(dataOf(body({ Data1: 'a', Data10: 'j', Data2: 'b', binary: '2D20' }))).toEqual(
      ['a', 'b', 'j'].map((value) => `<Data>${value}</Data>`),
    );
    expect(dataOf(body({ Data1: 'no_name', named_field: 'value' }))).toEqual([
      '<Data Name="named_field">value</Data>',
      '<Data>no_name</Data>',
    ]);
  });

  it('gives names of another language for level and task: the numbers stay those of an ordinary event', () => {
    expect(rowOf(body({}))).toMatchObject({ EventLevel: 4, EventCategory: 0, EventID: 7036 });
  });
});

describe('the OpenTelemetry Collector, further', () => {
  const body = {
    event_id: { id: 1, qualifiers: 0 },
    provider: { name: 'P', guid: '', event_source: '' },
    system_time: '2020-07-30T01:01:01.1234567Z',
    computer: 'c',
    channel: 'C',
    level: 'Fehler',
    event_data: [{ B: '1' }, { A: '<2>' }, { '': 'x' }],
    security: { user_id: 'S-1-5-21-1-2-3-1001', user_name: 'CORP\\anna', domain: 'CORP', account: 'anna' },
  };

  it('a list of values keeps its order; an account that is resolved is taken', () => {
    expect(dataOf(body)).toEqual(['<Data Name="B">1</Data>', '<Data Name="A">&lt;2&gt;</Data>', '<Data>x</Data>']);
    expect(rowOf(body).UserName).toBe('CORP\\anna');
  });

  it.each([
    [21, 1],
    [17, 2],
    [13, 3],
    [9, 4],
    [0, 4],
  ])('severity %d tells the level where its name is in another language: %d', (severityNumber, level) => {
    expect(rowOf({ severityNumber, timeUnixNano: '1', body }).EventLevel).toBe(level);
    expect(rowOf({ severityNumber, body: { ...body, level: 'Warning' } }).EventLevel).toBe(3);
  });

  it('raw encoding: the XML as a JSON text with the escapes of Go', () => {
    const xml = `<Event xmlns='${NS}'><System><Provider Name='P'/><EventID>1</EventID><TimeCreated SystemTime='2023-10-19T21:57:58.0685414Z'/></System></Event>`;
    const text = JSON.stringify(xml).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
    expect(rowOf(text).TimeGenerated).toBe('2023-10-19T21:57:58.0685414Z');
  });
});

describe('Fluent Bit and Fluentd', () => {
  const record = {
    ProviderName: 'Microsoft-Windows-Sysmon',
    Qualifiers: '',
    EventID: 5,
    Level: 4,
    Task: 5,
    TimeCreated: '2026-03-14 15:31:07 +0100',
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Computer: 'ws',
    UserID: 'NT AUTHORITY\\SYSTEM',
    StringInserts: [
      '-',
      '2026-03-14 14:31:07.123',
      '{7003F622-7F61-1100-B302-000000001500}',
      9948,
      'C:\\x.exe',
      'A\\b',
    ],
  };

  it('gives numbers as numbers, local time with its zone, and accounts by name', () => {
    expect(rowOf(record)).toMatchObject({
      TimeGenerated: '2026-03-14T14:31:07.0000000Z',
      UserName: 'NT AUTHORITY\\SYSTEM',
    });
    expect(dataOf(record)[3]).toBe('<Data Name="ProcessId">9948</Data>');
  });

  it('falls back on the time of the record where Windows names the zone in words', () => {
    const named = {
      ...record,
      TimeCreated: '2026-03-14 15:31:07 W. Europe Standard Time',
      '@timestamp': 1773498667.123456,
    };
    expect(rowOf(named).TimeGenerated).toBe('2026-03-14T14:31:07.1234560Z');
  });
});

it('Fluent Bit: values beyond those that a manifest names stand behind them without names; no GUID is changed without a witness', () => {
  const inserts = ['-', 't', '{7003F622-7F61-1100-B302-000000001500}', 1, 'C:\\x.exe', 'A\\b', 'new'];
  const record = {
    ProviderName: 'Microsoft-Windows-Sysmon',
    EventID: 5,
    TimeCreated: '2026-03-14 15:31:07 +0100',
    StringInserts: inserts,
  };
  expect(dataOf(record).slice(-2)).toEqual(['<Data Name="User">A\\b</Data>', '<Data>new</Data>']);
  expect(dataOf(record)[2]).toContain('{7003F622');
});

it('Fluent Bit: the text form may be under any name, and its message has lines', () => {
  const raw =
    'ProviderName=P\nEventID=7\nLevel=3\nTimeCreated=2026-03-14 15:31:07 +0100\nComputer=ws\nUserID=S-1-5-18\nMessage=a\nEventID=8\n=';
  expect(rowOf({ raw })).toMatchObject({
    EventID: 7,
    EventLevel: 3,
    Computer: 'ws',
    UserName: 'NT AUTHORITY\\SYSTEM',
    RenderedDescription: 'a\nEventID=8\n=',
  });
});

it('Vector: what it says for a message that it did not render is none, and the account it resolved is taken', () => {
  const record = {
    timestamp: '2026-03-14T14:31:07.123456700Z',
    message: 'Event ID 1 from Microsoft-Windows-Sysmon on ws',
    event_id: 1,
    level_value: 4,
    provider_name: 'P',
    computer: 'ws',
    record_id: 1,
    user_id: 'S-1-5-21-1-2-3-1001',
    user_name: 'CORP\\anna',
  };
  const row = rowOf(record);
  expect(row).not.toHaveProperty('RenderedDescription');
  expect(row).toMatchObject({ UserName: 'CORP\\anna', TimeGenerated: '2026-03-14T14:31:07.1234567Z' });
});

it('the diagnostics extension without RawXml is no row of AzureDiagnostics', () => {
  const record = { time: '2026-03-14T14:31:07Z', category: 'WindowsEventLogsTable', properties: { EventId: 1 } };
  const { records, rejected } = decode({ body: Buffer.from(JSON.stringify({ records: [record] })) });
  expect([records, rejected[0]!.detail]).toEqual([[], 'a Windows event of the diagnostics extension without RawXml']);
});

it('Vector: an event with UserData keeps its values', () => {
  const record = {
    timestamp: '2026-03-14T14:31:07.1Z',
    event_id: 1102,
    level_value: 4,
    channel: 'Security',
    provider_name: 'Microsoft-Windows-Eventlog',
    computer: 'ws',
    user_data: { SubjectUserName: 'anna' },
  };
  expect(rowOf(record).EventData).toContain(
    `<UserData xmlns="${NS}"><SubjectUserName>anna</SubjectUserName></UserData>`,
  );
});

it('XML: a character that XML does not know costs nothing', () => {
  const xml = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/><EventID Qualifiers='0'>1</EventID><TimeCreated SystemTime='2023-10-19T21:57:58.0685414Z'/><Channel>C</Channel><Computer>c</Computer><Security/></System><EventData><Data Name='FileVersion'>1.0\u0001.0</Data></EventData></Event>`;
  expect(dataOf(xml)).toEqual(['<Data Name="FileVersion">1.0\u0001.0</Data>']);
});

describe('line ends, binary data and empty values that a shipper has changed', () => {
  it('a message has the line ends of Windows again, where it has none of them', () => {
    const winlog = { ...SYSMON, event_id: '5', computer_name: 'ws' };
    const record = (message: string) => ({ '@timestamp': '2026-03-14T14:31:07Z', winlog, message });
    expect(rowOf(record('a:\nb')).RenderedDescription).toBe('a:\r\nb');
    expect(rowOf(record('a:\r\nb\nc')).RenderedDescription).toBe('a:\r\nb\nc');
  });

  it('Winlogbeat: values without names have their places, and binary data is no value', () => {
    const winlog = { channel: 'System', provider_name: 'P', event_id: '1', computer_name: 'ws' };
    const event_data = { param1: 'a', param10: 'j', param3: 'c', Binary: '0A0B' };
    const { EventData, ParameterXml } = rowOf({
      '@timestamp': '2026-03-14T14:31:07Z',
      winlog: { ...winlog, event_data },
    });
    const empty = '<Data></Data>';
    expect(EventData).toContain(
      `<Data>a</Data>${empty}<Data>c</Data>${empty.repeat(6)}<Data>j</Data><Binary>0A0B</Binary></EventData>`,
    );
    expect(ParameterXml).toBe(
      `<Param>a</Param><Param></Param><Param>c</Param>${'<Param></Param>'.repeat(6)}<Param>j</Param>`,
    );
    expect(dataOf({ '@timestamp': '2026-03-14T14:31:07Z', winlog })).toEqual([]);
    const huge = { ...winlog, event_data: { param99999999: 'x' } };
    expect(dataOf({ '@timestamp': '2026-03-14T14:31:07Z', winlog: huge })).toHaveLength(1);
  });

  it('OpenTelemetry: binary data stands behind the values', () => {
    const body = {
      event_id: { id: 1 },
      provider: { name: 'P' },
      system_time: '2020-07-30T01:01:01Z',
      channel: 'C',
      event_data: { Data1: 'a', binary: '2D20' },
    };
    expect(rowOf(body).EventData).toContain('<Data>a</Data><Binary>2D20</Binary></EventData>');
  });
});
