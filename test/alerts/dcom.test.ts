import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildAlerts } from '../../src/alerts/build';
import { formatAlert } from '../../src/alerts/print';
import { triggerFires } from '../../src/alerts/trigger';
import { techniqueTitle } from '../../src/rules/catalogue/mitre';
import { readRule } from '../../src/rules/read';
import { AT, WINDOW } from './sample';

const path = join(__dirname, '../../rules/lateral-movement-via-dcom.yaml');
const rule = readRule(readFileSync(path, 'utf8'), path).rule!;

const NAMES =
  'EventID Computer User ParentImage ParentProcessGuid ParentCommandLine ParentUser Image ProcessGuid CommandLine Description StartTime EndTime HostName DnsDomain'.split(
    ' ',
  );
const columns = NAMES.map((name) => ({
  name,
  type: name === 'EventID' ? 'int' : name.endsWith('Time') ? 'datetime' : 'string',
}));

function alertOf(row: Record<string, unknown>) {
  expect(triggerFires(rule.trigger, 1)).toBe(true);
  const { alerts } = buildAlerts(rule, { columns, rows: [NAMES.map((name) => row[name] ?? '')] }, WINDOW, {
    generatedAt: AT,
  });
  expect(alerts).toHaveLength(1);
  return alerts[0]!;
}

const time = '2019-04-30T20:35:11.8560890Z';
const attack = {
  EventID: 1,
  Computer: 'IEWIN7',
  HostName: 'IEWIN7',
  StartTime: time,
  EndTime: time,
  CommandLine: 'C:\\Windows\\system32\\mmc.exe -Embedding',
};

describe('the alert of the DCOM rule', () => {
  it('carries the empty fields of a Sysmon without ParentUser', () => {
    const alert = alertOf(attack);
    expect(alert).toMatchObject({
      AlertName: 'Lateral Movement via DCOM',
      AlertSeverity: 'Medium',
      Tactics: 'LateralMovement',
      Techniques: 'T1021.003',
      StartTime: time,
      EndTime: time,
      CompromisedEntity: 'IEWIN7',
    });
    expect(alert.Results).toEqual([{ ...Object.fromEntries(NAMES.map((name) => [name, ''])), ...attack }]);
    expect(alert.Entities.map((entity) => entity.Type)).toEqual(['host', 'process']);
  });

  it('prints technique, window and host', () => {
    const text = formatAlert(
      alertOf({
        ...attack,
        Computer: 'WS01.corp.example.com',
        HostName: 'WS01',
        DnsDomain: 'corp.example.com',
        User: 'CORP\\alice',
      }),
      { techniqueTitle },
    );
    expect(text).toContain(
      'MEDIUM  Lateral Movement via DCOM\n  About       This query detects a fairly uncommon attack technique',
    );
    expect(text).toContain('T1021.003  Remote Services: Distributed Component Object Model');
    expect(text).toContain('host: WS01.corp.example.com');
    expect(text).toContain('account: CORP\\alice');
  });
});
