/** Rows of the three tables that Windows events come in, as they stand on a hub. */

export const AT = '2026-03-14T10:15:00Z';

type Data = Readonly<Record<string, string | number>>;

const xml = (data: Data): string =>
  `<DataItem type="System.XmlData" time="${AT}" sourceHealthServiceId="0"><EventData xmlns="http://schemas.microsoft.com/win/2004/08/events/event">${Object.entries(
    data,
  )
    .map(([name, value]) => `<Data Name="${name}">${value}</Data>`)
    .join('')}</EventData></DataItem>`;

const row = (fields: object): object => ({ TimeGenerated: AT, Computer: 'ws1.contoso.com', ...fields });

/** Sysmon by the Log Analytics agent. */
export const sysmonEvent = (EventID: number, data: Data): object =>
  row({
    Type: 'Event',
    Source: 'Microsoft-Windows-Sysmon',
    EventLog: 'Microsoft-Windows-Sysmon/Operational',
    EventID,
    EventData: xml(data),
  });

/** By Windows Event Forwarding: Sysmon, or another provider. */
export const windowsEvent = (EventID: number, EventData: Data, Provider = 'Microsoft-Windows-Sysmon'): object =>
  row({ Type: 'WindowsEvent', Provider, EventID, EventData });

export const securityEvent = (EventID: number, fields: object, data: Data = {}): object =>
  row({
    Type: 'SecurityEvent',
    EventSourceName: 'Microsoft-Windows-Security-Auditing',
    EventID,
    EventData: xml(data),
    ...fields,
  });
