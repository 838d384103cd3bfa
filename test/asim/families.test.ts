import { join } from 'node:path';
import { runOffline } from '../../cli/offline/offline';
import { formatProblem } from '../../src/rules/problem';
import { loadWorkspace, type Workspace } from '../../src/rules/workspace';
import { securityEvent, sysmonEvent, windowsEvent } from './events';

jest.setTimeout(180_000);

const SECURITY = 'Microsoft-Windows-Security-Auditing';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await loadWorkspace({
    rules: [join(__dirname, 'rules')],
    tables: [join(__dirname, '..', '..', 'tables')],
    functions: [join(__dirname, 'parsers')],
  });
});

const planOf = (name: string) => workspace.rules.find(({ file }) => file.rule?.name === `asim ${name}`)!.plan!;

/** What the rule of a family says of events. */
async function results(family: string, events: readonly object[]): Promise<readonly Record<string, unknown>[]> {
  async function* bodies() {
    for (const event of events) yield Buffer.from(JSON.stringify(event));
  }
  const { alerts, deadLetters } = await runOffline({ plans: [planOf(family)], bodies: bodies(), log: () => undefined });
  expect(deadLetters).toEqual([]);
  return alerts.flatMap(({ Results }) => Results as unknown as Record<string, unknown>[]);
}

describe('rules over parsers of ASIM', () => {
  it('compile without errors, and go without members of a union that are not there', () => {
    expect(workspace.problems.map(formatProblem).map((line) => line.replace(/^.*\/rules\//, ''))).toEqual([
      expect.stringMatching(/^process\.yaml:.* warning: 'vimProcessCreateNobodyHas' is not known: the union goes/),
      expect.stringMatching(/^registry\.yaml:.* warning: 'vimRegistryEventSentinelOneNotHere' is not known: the union/),
    ]);
  });

  it('count on arrival, and a parser of another table has a branch of its own that only events of that table reach', () => {
    const tables = (name: string) =>
      planOf(name).stream.legs.map(({ branches, group }) => [group !== undefined, branches.map(({ table }) => table)]);
    expect(tables('process')).toEqual([
      [true, ['Event', 'WindowsEvent', 'SecurityEvent', 'WindowsEvent', 'DeviceProcessEvents', 'Syslog']],
    ]);
    expect(tables('file')).toEqual([[true, ['Event', 'WindowsEvent', 'SecurityEvent', 'DeviceFileEvents']]]);
    expect(tables('registry')).toEqual([[true, ['Event', 'WindowsEvent', 'SecurityEvent']]]);
    expect(tables('network')).toEqual([[true, ['Event', 'WindowsEvent', 'SecurityEvent', 'CommonSecurityLog']]]);
    expect(tables('dns')).toEqual([[true, ['Event', 'WindowsEvent', 'AzureDiagnostics']]]);
    expect(tables('authentication')).toEqual([[true, ['WindowsEvent', 'SecurityEvent', 'SigninLogs']]]);
  });

  it('process', async () => {
    const sysmon = {
      Image: String.raw`C:\Windows\System32\cmd.exe`,
      CommandLine: 'cmd /c whoami',
      User: String.raw`CONTOSO\ann`,
      Hashes: 'MD5=11,SHA256=22,IMPHASH=33',
      ParentImage: String.raw`C:\Windows\explorer.exe`,
    };
    const security = {
      NewProcessName: String.raw`C:\Windows\System32\cmd.exe`,
      CommandLine: 'cmd /c net user',
      SubjectUserName: 'WS1$',
      SubjectDomainName: 'CONTOSO',
      TargetUserName: 'bob',
      TargetDomainName: 'CONTOSO',
      ParentProcessName: String.raw`C:\Windows\explorer.exe`,
    };
    const found = await results('process', [
      sysmonEvent(1, sysmon),
      sysmonEvent(1, { ...sysmon, CommandLine: 'cmd /c dir' }),
      sysmonEvent(5, sysmon),
      windowsEvent(1, { ...sysmon, User: String.raw`CONTOSO\cid` }),
      securityEvent(4688, { ...security, MandatoryLabel: 'S-1-16-12288', AccountType: 'User' }),
      securityEvent(4689, security),
      windowsEvent(4688, { ...security, TargetUserName: 'dan' }, SECURITY),
    ]);
    expect(found.map(({ User, CommandLine, Count }) => [User, CommandLine, Count]).sort()).toEqual([
      [String.raw`CONTOSO\ann`, 'cmd /c whoami', 1],
      [String.raw`CONTOSO\bob`, 'cmd /c net user', 1],
      [String.raw`CONTOSO\cid`, 'cmd /c whoami', 1],
      [String.raw`CONTOSO\dan`, 'cmd /c net user', 1],
    ]);
  });

  it('file', async () => {
    const data = {
      TargetFilename: String.raw`C:\Temp\a.exe`,
      Image: String.raw`C:\x.exe`,
      User: String.raw`CONTOSO\ann`,
    };
    const found = await results('file', [
      sysmonEvent(11, data),
      sysmonEvent(23, data),
      sysmonEvent(11, { ...data, TargetFilename: String.raw`C:\Temp\a.txt` }),
      windowsEvent(11, data),
      windowsEvent(11, { ...data, User: String.raw`CONTOSO\bob` }),
      securityEvent(4663, { ObjectType: 'File', ObjectName: data.TargetFilename, AccessMask: '0x2' }),
    ]);
    expect(
      found.map(({ ActorUsername, TargetFileName, count_ }) => [ActorUsername, TargetFileName, count_]).sort(),
    ).toEqual([
      [String.raw`CONTOSO\ann`, 'a.exe', 2],
      [String.raw`CONTOSO\bob`, 'a.exe', 1],
    ]);
  });

  it('registry', async () => {
    const run = String.raw`SOFTWARE\Microsoft\Windows\CurrentVersion\Run`;
    const sysmon = { EventType: 'SetValue', TargetObject: `HKLM\\${run}\\evil`, Details: 'evil.exe', Image: 'x' };
    const found = await results('registry', [
      sysmonEvent(13, sysmon),
      sysmonEvent(12, { ...sysmon, EventType: 'CreateKey' }),
      sysmonEvent(13, { ...sysmon, TargetObject: String.raw`HKLM\SOFTWARE\Other\v` }),
      windowsEvent(13, sysmon),
      securityEvent(
        4657,
        { NewValue: 'evil2.exe', ProcessName: 'x' },
        { ObjectName: `\\REGISTRY\\MACHINE\\${run}`, ObjectValueName: 'evil', OperationType: '%%1904' },
      ),
    ]);
    expect(
      found.map(({ RegistryKey, RegistryValueData, count_ }) => [RegistryKey, RegistryValueData, count_]).sort(),
    ).toEqual([
      [`HKEY_LOCAL_MACHINE\\${run}`, 'evil2.exe', 1],
      [`HKEY_LOCAL_MACHINE\\${run}\\evil`, 'evil.exe', 2],
    ]);
  });

  it('network', async () => {
    const sysmon = {
      Initiated: 'true',
      SourceIp: '10.0.0.1',
      SourcePort: 50000,
      DestinationPort: 445,
      Protocol: 'tcp',
    };
    const firewall = {
      SourceAddress: '10.0.0.1',
      SourcePort: 50001,
      DestPort: 445,
      Protocol: 6,
      Application: 'System',
    };
    const found = await results('network', [
      sysmonEvent(3, { ...sysmon, DestinationIp: '10.0.0.2' }),
      sysmonEvent(3, { ...sysmon, DestinationIp: '10.0.0.3', DestinationPort: 80 }),
      // Seen from the other side: the address that it came from is the destination.
      sysmonEvent(3, {
        ...{
          Initiated: 'false',
          SourceIp: '10.0.0.4',
          SourcePort: 445,
          DestinationIp: '10.0.0.1',
          DestinationPort: 50002,
        },
        Protocol: 'tcp',
      }),
      windowsEvent(5156, { ...firewall, DestAddress: '10.0.0.5' }, SECURITY),
      securityEvent(5157, {}, { ...firewall, DestAddress: '10.0.0.6' }),
    ]);
    expect(found).toMatchObject([{ SrcIpAddr: '10.0.0.1', Dvc: 'ws1.contoso.com', Targets: 4 }]);
  });

  it('dns', async () => {
    const data = { QueryName: 'c2.evil.example', QueryStatus: 9003, QueryResults: '-', Image: 'x' };
    const found = await results('dns', [
      sysmonEvent(22, data),
      sysmonEvent(22, { ...data, QueryStatus: 0 }),
      sysmonEvent(22, { ...data, QueryName: 'good.example' }),
      windowsEvent(22, data),
    ]);
    expect(found).toMatchObject([{ SrcHostname: 'ws1.contoso.com', Domain: 'c2.evil.example', count_: 2 }]);
  });

  it('authentication', async () => {
    const forwarded = { LogonType: 3, TargetDomainName: 'CONTOSO', IpAddress: '10.9.9.9', SubStatus: '0xC000006A' };
    const found = await results('authentication', [
      windowsEvent(4625, { ...forwarded, TargetUserName: 'ann' }, SECURITY),
      windowsEvent(4624, { ...forwarded, TargetUserName: 'ann' }, SECURITY),
      securityEvent(4625, {
        ...{ LogonType: 3, TargetDomainName: 'CONTOSO', TargetUserName: 'bob', IpAddress: '10.9.9.9' },
        SubStatus: '0xc0000064',
      }),
      securityEvent(4634, { LogonType: 3, TargetDomainName: 'CONTOSO', TargetUserName: 'bob' }),
    ]);
    expect(found).toMatchObject([
      { SrcIpAddr: '10.9.9.9', Failures: 2, Users: [String.raw`CONTOSO\ann`, String.raw`CONTOSO\bob`] },
    ]);
  });
});
