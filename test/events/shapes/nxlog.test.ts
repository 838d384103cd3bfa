import { CHANNEL, NS, rowOf, SYSMON, valuesOf } from './rows';

const base = {
  EventTime: '2026-03-14 15:31:07',
  Hostname: 'ws',
  EventType: 'INFO',
  SeverityValue: 2,
  EventID: 25,
  SourceName: SYSMON,
  ProcessID: 11220,
  Channel: CHANNEL,
  Domain: 'NT AUTHORITY',
  AccountName: 'SYSTEM',
  UserID: 'S-1-5-18',
  RuleName: '-',
  UtcTime: '2026-03-14 14:31:07.101',
  ProcessGuid: '{22d8bf06-7f61-6a31-b302-000000001500}',
  Image: 'C:\\a.exe',
  EventReceivedTime: '2026-03-14 15:31:08',
  SourceModuleName: 'in',
  SourceModuleType: 'im_msvistalog',
};
const MESSAGE = `Process Tampering:\r\nRuleName: -\r\nUtcTime: 2026-03-14 14:31:07.101\r\nProcessGuid: {22d8bf06-7f61-6a31-b302-000000001500}\r\nProcessId: 13636\r\nImage: C:\\a.exe\r\nType: Image is replaced`;

it("an event's own Type is no table, and its ProcessId comes out of the message", () => {
  const record = { ...base, Type: 'Image is replaced', Message: MESSAGE };
  expect(valuesOf(record)).toMatchObject({ ProcessId: '13636', Type: 'Image is replaced' });
  expect(rowOf(record)).toMatchObject({ TimeGenerated: '2026-03-14T14:31:07.1010000Z', EventLevel: 4 });
  expect(valuesOf({ ...record, Type: 'Command' })).toMatchObject({ Type: 'Command' });
});

it('takes the process of the event, not of the service, where NXLog has a name of its own for that', () => {
  const { UtcTime: _, RuleName: _r, ProcessGuid: _g, Image: _i, ...system } = base;
  const security = {
    ...system,
    EventTime: '2026-03-14T15:31:07.123456+01:00',
    EventID: 5156,
    SourceName: 'Microsoft-Windows-Security-Auditing',
    Channel: 'Security',
    EventType: 'AUDIT_SUCCESS',
    TaskValue: 12810,
    ExecutionProcessID: 4,
    ProcessID: '2316',
    Application: '\\device\\a.exe',
  };
  expect(rowOf(security)).toMatchObject({
    EventCategory: 12810,
    EventLevel: 0,
    TimeGenerated: '2026-03-14T14:31:07.1234560Z',
  });
  expect(valuesOf(security)).toEqual({ ProcessID: '2316', Application: '\\device\\a.exe' });
});

it('takes the EventType of the event where it has taken the place of the level', () => {
  const registry = { ...base, EventID: 13, EventType: 'SetValue', TargetObject: 'HKLM\\k', Details: 'x' };
  expect(valuesOf(registry)).toMatchObject({ EventType: 'SetValue' });
  expect(rowOf(registry).EventLevel).toBe(4);
});

it('reads the XML that CaptureEventXML adds', () => {
  const EventXML = `<Event xmlns='${NS}'><System><Provider Name='${SYSMON}'/><EventID>25</EventID><Level>4</Level><TimeCreated SystemTime='2026-03-14T14:31:07.1234567Z'/><Channel>C</Channel><Computer>ws</Computer></System><EventData><Data Name='Type'>Image is replaced</Data></EventData></Event>`;
  expect(rowOf({ ...base, EventXML, Message: 'm' })).toMatchObject({
    TimeGenerated: '2026-03-14T14:31:07.1234567Z',
    UserName: 'NT AUTHORITY\\SYSTEM',
    RenderedDescription: 'm',
  });
  expect(rowOf({ ...base, EventXML: '<Event', Message: 'm' }).Computer).toBe('ws');
});

it('finds the time under the names that pipelines give it', () => {
  const { EventTime: _, UtcTime: _u, ...rest } = base;
  expect(rowOf({ ...rest, TimeCreated: '2026-03-14T14:31:07.123Z' }).TimeGenerated).toBe(
    '2026-03-14T14:31:07.1230000Z',
  );
});

it("writes Sysmon's times as Sysmon does, whatever the shipper made of them", () => {
  const record = {
    ...base,
    EventID: 11,
    UtcTime: '2026-03-14T10:31:07.101-04:00',
    CreationUtcTime: '2026-03-14T14:31:07Z',
    TargetFilename: '2026-03-14T',
  };
  expect(valuesOf(record)).toMatchObject({
    UtcTime: '2026-03-14 14:31:07.101',
    CreationUtcTime: '2026-03-14 14:31:07.000',
    TargetFilename: '2026-03-14T',
  });
});
