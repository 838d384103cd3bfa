import type { StreamEvent } from './stream';

/** Fields of an event in the order of its manifest. */
export type Data = Readonly<Record<string, string>>;

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const eventData = (data: Data): string =>
  `<EventData xmlns="http://schemas.microsoft.com/win/2004/08/events/event">${Object.entries(data)
    .map(([name, value]) => `<Data Name="${name}">${escapeXml(value)}</Data>`)
    .join('')}</EventData>`;

const iso = (time: number): string => new Date(time).toISOString();

/** A Sysmon event as a row of the table Event. `time`: ms. */
export const sysmon = (id: number, time: number, computer: string, data: Data, title = 'Sysmon'): StreamEvent => ({
  table: 'Event',
  fields: {
    TimeGenerated: iso(time),
    Computer: computer,
    Source: 'Microsoft-Windows-Sysmon',
    EventLog: 'Microsoft-Windows-Sysmon/Operational',
    EventID: id,
    EventLevel: 4,
    EventLevelName: 'Information',
    UserName: 'NT AUTHORITY\\SYSTEM',
    RenderedDescription: `${title}:\r\nRuleName: -`,
    EventData: `<DataItem Type="System.XmlData" time="${iso(time)}" sourceHealthServiceId="0">${eventData(data)}</DataItem>`,
  },
});

/** An event of the security log as a row of the table SecurityEvent: columns, and the rest as XML. */
export const security = (
  id: number,
  time: number,
  computer: string,
  columns: Readonly<Record<string, unknown>>,
  data: Data = {},
): StreamEvent => ({
  table: 'SecurityEvent',
  fields: {
    TimeGenerated: iso(time),
    Computer: computer,
    EventID: id,
    Channel: 'Security',
    EventSourceName: 'Microsoft-Windows-Security-Auditing',
    AccountType: 'User',
    ...(Object.keys(data).length > 0 ? { EventData: eventData(data) } : {}),
    ...columns,
  },
});

/** A row of the table WindowsEvent, whose EventData is a bag. */
export const windows = (id: number, time: number, computer: string, data: Data, provider?: string): StreamEvent => ({
  table: 'WindowsEvent',
  fields: {
    TimeGenerated: iso(time),
    Computer: computer,
    EventID: id,
    Channel: 'Security',
    Provider: provider ?? 'Microsoft-Windows-Security-Auditing',
    EventData: data,
  },
});

/** The fields of Sysmon's process creation, in its order. */
export const process = (more: Data): Data => ({
  RuleName: '-',
  UtcTime: '2026-03-02 10:00:00.000',
  ProcessGuid: '{7c1d0a6e-0001-0000-0000-000000000001}',
  ProcessId: '4100',
  Image: 'C:\\Windows\\System32\\cmd.exe',
  FileVersion: '10.0',
  Description: 'Command shell',
  Product: 'Windows',
  Company: 'Contoso',
  OriginalFileName: 'Cmd.Exe',
  CommandLine: 'cmd.exe',
  CurrentDirectory: 'C:\\Users\\ann\\',
  User: 'CONTOSO\\ann',
  LogonGuid: '{7c1d0a6e-0002-0000-0000-000000000001}',
  LogonId: '0x3e7a1',
  TerminalSessionId: '1',
  IntegrityLevel: 'High',
  Hashes: 'SHA1=8c5437cd76a89ec983e3b364e219944da3dab464,MD5=0a1b2c3d4e5f60718293a4b5c6d7e8f9',
  ParentProcessGuid: '{7c1d0a6e-0003-0000-0000-000000000001}',
  ParentProcessId: '600',
  ParentImage: 'C:\\Windows\\explorer.exe',
  ParentCommandLine: 'explorer.exe',
  ParentUser: 'CONTOSO\\ann',
  ...more,
});
