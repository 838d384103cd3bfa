import type { Random } from './random';
import type { StreamEvent } from './stream';
import { process, security, sysmon, windows } from './windows-events';

/** Start of the hour that the attacks are in; no rule's window ends within the 40 minutes after it. */
export const ATTACK_START = Date.UTC(2026, 2, 2, 10, 0);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const at = (minutes: number, seconds = 0): number => ATTACK_START + minutes * MINUTE + seconds * SECOND;

/** A list that a rule reads from elsewhere. */
export const LISTED_PROCESSES = 'Process\nmshta.exe\nregsvr32.exe\n';

/** Events that make a rule fire, by the name of its file. */
export const ATTACKS: Readonly<Record<string, (random: Random) => StreamEvent[]>> = {
  'ADFSDBNamedPipeConnection.yaml': () => [
    pipe(18, at(5), 'adfs1.contoso.test', 'Microsoft.IdentityServer.ServiceHost.exe', '\\MICROSOFT##WID\\tsql\\query'),
    pipe(18, at(6), 'adfs1.contoso.test', 'powershell.exe', '\\MICROSOFT##WID\\tsql\\query'),
    pipe(18, at(6), 'other.contoso.test', 'powershell.exe', '\\MICROSOFT##WID\\tsql\\query'),
  ],
  'COMEventSystemLoadingNewDLL.yaml': () => [
    loaded(at(8, 1), 'ws1.contoso.test', 'C:\\ProgramData\\es.dll'),
    loaded(at(9, 1), 'ws2.contoso.test', 'C:\\ProgramData\\late.dll'),
    sysmon(
      1,
      at(8, 4),
      'ws1.contoso.test',
      process({ ParentImage: SVCHOST, ParentCommandLine: `${SVCHOST} -k LocalService -p -s EventSystem` }),
      'Process Create',
    ),
  ],
  'CredentialDumpingToolsFileArtifacts.yaml': (random) =>
    hosts(3)
      .map((host) =>
        sysmon(11, at(10, random.below(60)), host, {
          RuleName: '-',
          ProcessGuid: '{7c1d0a6e-0011-0000-0000-000000000001}',
          ProcessId: '88',
          Image: 'C:\\Tools\\procdump.exe',
          TargetFilename: `C:\\Temp\\${random.pick(['lsass.dmp', 'pwdump.exe', 'notes.txt'])}`,
          CreationUtcTime: '2026-03-02 10:10:00.000',
        }),
      )
      .concat(
        sysmon(11, at(10), 'ws9.contoso.test', {
          ProcessGuid: '{7c1d0a6e-0011-0000-0000-000000000009}',
          Image: 'C:\\Tools\\procdump.exe',
          TargetFilename: 'C:\\Temp\\lsass.dmp',
        }),
      ),
  'DumpingLSASSProcessIntoaFile.yaml': (random) =>
    hosts(2).map((host) =>
      sysmon(10, at(11, random.below(60)), host, {
        SourceProcessGUID: '{7c1d0a6e-0021-0000-0000-000000000001}',
        SourceImage: 'C:\\Tools\\dump.exe',
        TargetImage: 'C:\\Windows\\System32\\LSASS.exe',
        GrantedAccess: '0x1fffff',
        CallTrace: 'C:\\Windows\\SYSTEM32\\ntdll.dll+9d1e4|C:\\Windows\\System32\\dbghelp.dll+1f2',
        SourceUser: 'CONTOSO\\ann',
      }),
    ),
  'FileExecutionWithOneCharacterInTheName.yaml': () => [
    sysmon(1, at(12), 'ws1.contoso.test', process({ CommandLine: '"C:\\Users\\ann\\x.exe" -q' })),
    sysmon(1, at(12), 'ws2.contoso.test', process({ CommandLine: '"C:\\Users\\ann\\xy.exe" -q' })),
  ],
  'NRT_base64_encoded_pefile.yaml': () => [encodedFile()],
  'base64_encoded_pefile.yaml': () => [
    encodedFile(),
    windows(4688, at(13, 9), 'srv1.contoso.test', {
      SubjectUserName: 'bob',
      SubjectDomainName: 'CONTOSO',
      NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
      ParentProcessName: 'C:\\Windows\\explorer.exe',
      CommandLine: 'cmd /c echo TVqQAAMAAAAEAAAA//8AALg= > b.txt',
    }),
  ],
  'PotentialKerberoast.yaml': (random) =>
    Array.from({ length: 20 }, (_, i) => i).flatMap((i) => [
      ticket(at(14, random.below(60)), `svc${i}`, 'ann@CONTOSO.TEST', '0x17'),
      ticket(at(14, random.below(60)), `svc${i}`, 'bob@CONTOSO.TEST', i < 10 ? '0x17' : '0x12'),
    ]),
  'RegistryPersistenceViaAppCertDLLModification.yaml': () => [
    registry(at(15), 'HKLM\\System\\CurrentControlSet\\Control\\Session Manager\\AppCertDLLs\\Default', 'C:\\a.dll'),
    registry(at(15), 'HKLM\\System\\CurrentControlSet\\Control\\Session Manager\\Environment', 'C:\\a.dll'),
  ],
  'WDigestDowngradeAttack.yaml': () =>
    ['DWORD (0x00000001)', 'DWORD (0x00000000)'].map((details, i) =>
      registry(
        at(16, i),
        'HKLM\\System\\CurrentControlSet\\Control\\SecurityProviders\\WDigest\\UseLogonCredential',
        details,
      ),
    ),
  'SecurityEventLogCleared.yaml': () => [
    security(1102, at(17), 'dc1.contoso.test', {
      EventSourceName: 'Microsoft-Windows-Eventlog',
      Account: 'CONTOSO\\ann',
      Activity: '1102 - The audit log was cleared.',
    }),
    windows(
      1102,
      at(17, 5),
      'dc2.contoso.test',
      { SubjectDomainName: 'CONTOSO', SubjectUserName: 'bob' },
      'Microsoft-Windows-Eventlog',
    ),
  ],
  'SolorigateNamedPipe.yaml': () => [
    pipe(17, at(18), 'ws1.contoso.test', 'a.exe', '\\583da945-62af-10e8-4902-a8f205c72b2e'),
    security(5145, at(18, 3), 'ws2.contoso.test', {
      AccessList: '%%4418 %%1538',
      RelativeTargetName: '583da945-62af-10e8-4902-a8f205c72b2e',
      SubjectUserName: 'ann',
      SubjectDomainName: 'CONTOSO',
      Account: 'CONTOSO\\ann',
    }),
    windows(5145, at(18, 6), 'ws3.contoso.test', {
      AccessList: '%%4418',
      RelativeTargetName: '583da945-62af-10e8-4902-a8f205c72b2e',
      SubjectUserName: 'bob',
      SubjectDomainName: 'CONTOSO',
    }),
  ],
  'UserAccountCreatedDeleted_10m.yaml': () => [
    ...account('tmp1', at(19), at(24)),
    ...account('tmp2', at(19), at(35)),
    windows(4720, at(20), 'dc1.contoso.test', user('tmp3')),
    windows(4726, at(21), 'dc1.contoso.test', user('tmp3')),
  ],
  'WindowsBinariesLolbinsRenamed.yaml': () => [
    sysmon(1, at(22), 'ws1.contoso.test', process({ Image: 'C:\\Temp\\help.exe', OriginalFileName: 'MSHTA.EXE' })),
    sysmon(1, at(22), 'ws2.contoso.test', process({ Image: 'C:\\Windows\\mshta.exe', OriginalFileName: 'MSHTA.EXE' })),
  ],
  'gte_6_FailedLogons_10m.yaml': (random) => {
    const times = Array.from({ length: 25 }, () => at(23, random.below(400)));
    return times.flatMap((time) => [
      security(4625, time, 'dc1.contoso.test', {
        Account: 'CONTOSO\\ann',
        Activity: '4625 - An account failed to log on.',
        TargetAccount: 'CONTOSO\\ann',
        TargetUserName: 'ann',
        TargetDomainName: 'CONTOSO',
        LogonType: 3,
        LogonTypeName: '3 - Network',
        LogonProcessName: 'NtLmSsp ',
        Status: '0xc000006d',
        SubStatus: '0xC000006A',
        WorkstationName: 'WS1',
        IpAddress: '10.1.2.3',
      }),
      windows(4625, time, 'dc2.contoso.test', {
        TargetUserSid: 'S-1-5-21-1-2-3-1105',
        TargetUserName: 'bob',
        TargetDomainName: 'CONTOSO',
        Status: '0xc000006d',
        SubStatus: '0xc000006f',
        LogonType: '10',
        LogonProcessName: 'User32',
        WorkstationName: 'WS2',
        IpAddress: '10.1.2.4',
      }),
    ]);
  },
  'powershell_empire.yaml': () => [
    security(4688, at(31), 'ws1.contoso.test', {
      SubjectUserName: 'ann',
      SubjectDomainName: 'CONTOSO',
      Process: 'powershell.exe',
      ParentProcessName: 'C:\\Windows\\explorer.exe',
      CommandLine: `powershell -nop -EncodedCommand ${base64('Invoke-Mimikatz -DumpCreds; exit')}`,
    }),
    security(4688, at(31, 4), 'ws2.contoso.test', {
      SubjectUserName: 'bob',
      SubjectDomainName: 'CONTOSO',
      Process: 'powershell.exe',
      ParentProcessName: 'C:\\Windows\\explorer.exe',
      CommandLine: `powershell -nop -EncodedCommand ${base64('Get-Date; Get-Process; Get-Host;')}`,
    }),
  ],
};

const SVCHOST = 'C:\\Windows\\System32\\svchost.exe';

const hosts = (count: number): string[] => Array.from({ length: count }, (_, i) => `ws${i + 1}.contoso.test`);

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const pipe = (id: number, time: number, computer: string, image: string, name: string): StreamEvent =>
  sysmon(
    id,
    time,
    computer,
    {
      RuleName: 'technique_id=T1021,technique_name=Pipe',
      EventType: 'ConnectPipe',
      ProcessGuid: '{7c1d0a6e-0031-0000-0000-000000000001}',
      ProcessId: '912',
      PipeName: name,
      Image: `C:\\Windows\\System32\\${image}`,
      User: 'CONTOSO\\ann',
    },
    'Pipe Connected',
  );

const loaded = (time: number, computer: string, dll: string): StreamEvent =>
  sysmon(7, time, computer, {
    ProcessGuid: '{7c1d0a6e-0041-0000-0000-000000000001}',
    ProcessId: '700',
    Image: SVCHOST,
    ImageLoaded: dll,
    Hashes: 'SHA1=1111111111111111111111111111111111111111,MD5=22222222222222222222222222222222',
    Signed: 'false',
  });

const encodedFile = (): StreamEvent =>
  security(4688, at(13), 'ws1.contoso.test', {
    SubjectUserName: 'ann',
    SubjectDomainName: 'CONTOSO',
    Process: 'cmd.exe',
    NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
    ParentProcessName: 'C:\\Windows\\explorer.exe',
    CommandLine: 'cmd /c echo TVqQAAMAAAAEAAAA//8AALgAAAA > a.txt',
  });

const ticket = (time: number, service: string, account: string, encryption: string): StreamEvent =>
  security(
    4769,
    time,
    'dc1.contoso.test',
    { TargetDomainName: 'CONTOSO.TEST' },
    {
      TargetUserName: account,
      TargetDomainName: 'CONTOSO.TEST',
      ServiceName: service,
      TicketOptions: '0x40810000',
      TicketEncryptionType: encryption,
      IpAddress: '::ffff:10.1.2.3',
      Status: '0x0',
    },
  );

const registry = (time: number, target: string, details: string): StreamEvent =>
  sysmon(13, time, 'ws1.contoso.test', {
    RuleName: '-',
    EventType: 'SetValue',
    Image: 'C:\\Windows\\regedit.exe',
    TargetObject: target,
    Details: details,
    User: 'CONTOSO\\ann',
  });

const user = (name: string) => ({
  TargetUserName: name,
  TargetDomainName: 'CONTOSO',
  TargetSid: `S-1-5-21-1-2-3-${name.length}${name.charCodeAt(name.length - 1)}`,
  SubjectUserSid: 'S-1-5-21-1-2-3-500',
  SubjectUserName: 'ann',
  SubjectDomainName: 'CONTOSO',
  UserPrincipalName: '-',
});

/** A user account that is made and deleted. */
const account = (name: string, created: number, deleted: number): StreamEvent[] =>
  (
    [
      [4720, created],
      [4726, deleted],
    ] as const
  ).map(([id, time]) =>
    security(id, time, 'DC1.contoso.test', {
      ...user(name),
      TargetAccount: `CONTOSO\\${name}`,
      SubjectAccount: 'CONTOSO\\ann',
      Activity: `${id} - A user account was ${id === 4720 ? 'created' : 'deleted'}.`,
    }),
  );
