import { channelsOf, eventTitle, providersOf, SYSMON_CHANNEL } from '../../../src/explain/windows-events';
import {
  findTactic,
  knownTechniques,
  TACTICS,
  techniqueName,
  techniqueTitle,
} from '../../../src/rules/catalogue/mitre';

describe('MITRE names', () => {
  it('finds tactics in any spelling', () => {
    expect(findTactic('LateralMovement')?.id).toBe('TA0008');
    expect(findTactic('lateral movement')?.name).toBe('LateralMovement');
    expect(findTactic('__proto__')).toBeUndefined();
    expect(new Set(TACTICS.map((tactic) => tactic.name)).size).toBe(TACTICS.length);
  });

  it('names techniques and sub-techniques', () => {
    expect(techniqueName('T1021.003')).toBe('Distributed Component Object Model');
    expect(techniqueTitle('t1021.003')).toBe('Remote Services: Distributed Component Object Model');
    expect(techniqueTitle('T1055')).toBe('Process Injection');
    expect(techniqueTitle('T1546.009')).toBe('Event Triggered Execution: AppCert DLLs');
    expect(techniqueTitle('T1053.005')).toBe('Scheduled Task/Job: Scheduled Task');
    expect(techniqueTitle('T1218.011')).toBe('System Binary Proxy Execution: Rundll32');
    expect(techniqueTitle('T1547.015')).toBe('Boot or Logon Autostart Execution: Login Items');
    expect(techniqueTitle('T1558.003')).toBe('Steal or Forge Kerberos Tickets: Kerberoasting');
    expect(techniqueName('constructor')).toBeUndefined();
  });

  it('has a parent for every sub-technique', () => {
    const ids = [...knownTechniques()];
    expect(ids.length).toBeGreaterThan(650);
    expect(ids.filter((id) => !/^T\d{4}(\.\d{3})?$/.test(id))).toEqual([]);
    expect(ids.filter((id) => techniqueName(id.split('.')[0]!) === undefined)).toEqual([]);
  });
});

describe('Windows events', () => {
  it('titles events by channel or provider', () => {
    expect(eventTitle(SYSMON_CHANNEL, 1)).toBe('Process creation');
    expect(eventTitle('microsoft-windows-sysmon', 22)).toBe('DNSEvent (DNS query)');
    expect(eventTitle('Security', 4688)).toBe('A new process has been created');
    expect(eventTitle('Microsoft-Windows-Eventlog', 1102)).toBe('The audit log was cleared');
    expect(eventTitle('Security', 1)).toBeUndefined();
  });

  it('knows all of Sysmon and most of Security', () => {
    const known = (channel: string) =>
      Array.from({ length: 10_000 }, (_, id) => id).filter((id) => eventTitle(channel, id));
    expect(known(SYSMON_CHANNEL)).toEqual([...Array.from({ length: 29 }, (_, i) => i + 1), 255]);
    expect(known('Security').length).toBeGreaterThan(200);
  });

  it('relates channels and providers', () => {
    expect(providersOf('security')).toContain('Microsoft-Windows-Security-Auditing');
    expect(channelsOf('PowerShell')).toEqual(['Windows PowerShell']);
    expect(providersOf('no such')).toEqual([]);
  });
});
