import { CHANNEL, dataOf, NS, rowOf, SYSMON, valuesOf } from './rows';

const TIME = '2026-03-14T14:31:07.101Z';
const GUID = '{22d8bf06-7f61-6a31-b302-000000001500}';

/** As Winlogbeat's Sysmon module leaves an event: most fields are elsewhere, `-` is dropped. */
const moved = (id: number, elsewhere: object, event_data: object = {}, message?: string) => ({
  '@timestamp': TIME,
  event: { code: id, module: 'sysmon', provider: SYSMON },
  process: { entity_id: GUID, executable: 'C:\\a.exe', pid: 7, thread: { id: 9 } },
  ...elsewhere,
  ...(message === undefined ? {} : { message }),
  winlog: { channel: CHANNEL, provider_name: SYSMON, event_id: id, computer_name: 'ws', event_data },
});

describe('fields that the Sysmon module moved come back', () => {
  const process = { ProcessGuid: GUID, ProcessId: '7', Image: 'C:\\a.exe', UtcTime: '2026-03-14 14:31:07.101' };

  it.each([
    [
      'network connection',
      moved(3, {
        network: { transport: 'tcp', direction: 'egress', type: 'ipv6', protocol: 'domain' },
        source: { ip: 'fe80::1', port: 50557, domain: 'ws' },
        destination: { ip: 'fe80::2', port: 53, domain: 'dc' },
        user: { name: 'NETWORK SERVICE', domain: 'NT AUTHORITY' },
      }),
      {
        ...process,
        User: 'NT AUTHORITY\\NETWORK SERVICE',
        Protocol: 'tcp',
        Initiated: 'true',
        SourceIsIpv6: 'true',
        SourceIp: 'fe80::1',
        SourceHostname: 'ws',
        SourcePort: '50557',
        DestinationIsIpv6: 'true',
        DestinationHostname: 'dc',
        DestinationPortName: 'domain',
      },
    ],
    [
      'driver load',
      moved(6, {
        file: { path: 'C:\\d.sys', hash: { sha256: 'ab' }, pe: { imphash: 'cd' }, code_signature: { status: 'Valid' } },
      }),
      { ImageLoaded: 'C:\\d.sys', Hashes: 'SHA256=AB,IMPHASH=CD', SignatureStatus: 'Valid' },
    ],
    [
      'image load',
      moved(7, { file: { path: 'C:\\l.dll', hash: { md5: 'ab' }, pe: { company: 'C', original_file_name: 'l.dll' } } }),
      { ...process, ImageLoaded: 'C:\\l.dll', Hashes: 'MD5=AB', Company: 'C', OriginalFileName: 'l.dll' },
    ],
    [
      'remote thread, whose target the pipeline renamed',
      moved(8, {}, { TargetProcessGUID: '{1}', TargetImage: 'C:\\t.exe' }),
      {
        SourceProcessGuid: GUID,
        SourceProcessId: '7',
        SourceImage: 'C:\\a.exe',
        TargetProcessGuid: '{1}',
        TargetImage: 'C:\\t.exe',
      },
    ],
    [
      'process access',
      moved(10, {}, { GrantedAccess: '0x1410' }),
      { SourceProcessGUID: GUID, SourceProcessId: '7', SourceThreadId: '9', SourceImage: 'C:\\a.exe' },
    ],
    ['raw access', moved(9, { file: { path: '\\Device\\V' } }), { ...process, Device: '\\Device\\V' }],
    [
      'file',
      moved(11, { file: { path: 'C:\\f' } }, { CreationUtcTime: 'x' }),
      { ...process, TargetFilename: 'C:\\f', CreationUtcTime: 'x' },
    ],
    [
      'registry',
      moved(13, { registry: { path: 'HKLM\\k' } }, { EventType: 'SetValue', Details: 'DWORD (0x00000001)' }),
      { ...process, TargetObject: 'HKLM\\k', EventType: 'SetValue', Details: 'DWORD (0x00000001)' },
    ],
    [
      'stream',
      moved(15, { file: { path: 'C:\\f:z', hash: { sha1: 'ab' } } }),
      { TargetFilename: 'C:\\f:z', Hash: 'SHA1=AB' },
    ],
    ['pipe', moved(17, { file: { name: '\\lsass' } }), { ...process, PipeName: '\\lsass' }],
    [
      'query',
      moved(22, { dns: { question: { name: 'example.com' } }, sysmon: { dns: { status: 'SUCCESS' } } }),
      { ...process, QueryName: 'example.com', QueryStatus: '0' },
    ],
    [
      'deleted file',
      moved(23, { file: { path: 'C:\\f' }, sysmon: { file: { archived: true, is_executable: false } } }),
      { TargetFilename: 'C:\\f', Archived: 'true', IsExecutable: 'false' },
    ],
  ])('%s', (_name, record, expected) => {
    expect(valuesOf(record)).toMatchObject(expected);
  });

  it('an error', () => {
    expect(valuesOf(moved(255, { error: { code: 'GetConfigurationOptions' } }))).toMatchObject({
      ID: 'GetConfigurationOptions',
    });
  });

  it('with the dash of a Sysmon that leaves nothing empty, and not of an older one', () => {
    expect(valuesOf(moved(1, {}, { ParentUser: 'a\\b' }))).toMatchObject({ RuleName: '-', Company: '-' });
    expect(valuesOf(moved(1, {}))).toMatchObject({ RuleName: '', Company: '' });
  });

  it('with time, rule and the order of hashes as the message has them', () => {
    const message = `Process terminated:\nRuleName: proc\nUtcTime: 2026-03-14 14:31:07.099\nProcessGuid: ${GUID}\nProcessId: 0\nImage: C:\\a.exe`;
    expect(valuesOf(moved(5, {}, {}, message))).toMatchObject({
      RuleName: 'proc',
      UtcTime: '2026-03-14 14:31:07.099',
      ProcessId: '7',
    });
    const file = { path: 'C:\\d.sys', hash: { sha1: 'ab', md5: 'cd' } };
    const driver = `Driver loaded:\nRuleName: -\nUtcTime: 2026-03-14 14:31:07.099\nImageLoaded: C:\\d.sys\nHashes: MD5=CD,SHA1=AB\nSigned: true\nSignature: S\nSignatureStatus: Valid`;
    expect(valuesOf(moved(6, { file }, {}, driver))).toMatchObject({ Hashes: 'MD5=CD,SHA1=AB', Signed: 'true' });
  });
});

describe('times', () => {
  const record = (times: { '@timestamp': string; time_created?: string }) => ({
    '@timestamp': times['@timestamp'],
    winlog: {
      channel: 'System',
      provider_name: 'P',
      event_id: '7',
      computer_name: 'ws',
      ...(times.time_created === undefined ? {} : { time_created: times.time_created }),
    },
  });

  it.each([
    [{ '@timestamp': '2020-10-27T20:00:14.3242341Z' }, '2020-10-27T20:00:14.3242341Z'],
    [
      { '@timestamp': '2021-05-05T15:30:51.692Z', time_created: '2019-07-18T03:34:02.025Z' },
      '2019-07-18T03:34:02.0250000Z',
    ],
    [
      { '@timestamp': '2019-07-18T03:34:02.025223900Z', time_created: '2019-07-18T03:34:02.025Z' },
      '2019-07-18T03:34:02.0252239Z',
    ],
    [
      { '@timestamp': '2019-07-18T03:34:02.025Z', time_created: '2019-07-18T03:34:02.0252239Z' },
      '2019-07-18T03:34:02.0252239Z',
    ],
  ])('%j', (times, expected) => {
    expect(rowOf(record(times)).TimeGenerated).toBe(expected);
  });
});

it('the account that the agent resolved goes with the XML, which has the SID alone', () => {
  const xml = `<Event xmlns='${NS}'><System><Provider Name='P'/><EventID>1</EventID><TimeCreated SystemTime='2026-03-14T14:31:07.1Z'/><Channel>C</Channel><Computer>c</Computer><Security UserID='S-1-5-21-1-2-3-1001'/></System></Event>`;
  const winlog = { user: { identifier: 'S-1-5-21-1-2-3-1001', name: 'anna', domain: 'CORP' } };
  expect(rowOf({ winlog, event: { original: xml }, message: 'done' })).toMatchObject({
    UserName: 'CORP\\anna',
    RenderedDescription: 'done',
  });
});

it('user_data is UserData, under the name of its element', () => {
  const winlog = {
    channel: 'Security',
    provider_name: 'Microsoft-Windows-Eventlog',
    event_id: '1102',
    user_data: { SubjectUserName: 'a & b', SubjectDomainName: 'CORP', xml_name: 'LogFileCleared' },
  };
  expect(dataOf({ '@timestamp': TIME, winlog })).toBe(
    `<UserData xmlns="${NS}"><LogFileCleared><SubjectUserName>a &amp; b</SubjectUserName><SubjectDomainName>CORP</SubjectDomainName></LogFileCleared></UserData>`,
  );
  const odd = { ...winlog, user_data: { 'a b': '1', xml_name: 'x y' } };
  expect(dataOf({ '@timestamp': TIME, winlog: odd })).toContain('<Data Name="a b">1</Data>');
});

it('Winlogbeat 6 with include_xml has the XML in `xml`', () => {
  const xml = `<Event xmlns='${NS}'><System><Provider Name='P'/><EventID>7</EventID><TimeCreated SystemTime='2026-03-14T14:31:07.1234567Z'/></System></Event>`;
  const record = { '@timestamp': TIME, log_name: 'System', source_name: 'P', event_id: 7, type: 'wineventlog', xml };
  expect(rowOf(record).TimeGenerated).toBe('2026-03-14T14:31:07.1234567Z');
});
