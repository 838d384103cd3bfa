import type { AlertingRule, ResultTable } from '../../src/alerts/alert';
import { type BuildOptions, buildAlerts } from '../../src/alerts/build';
import { runAlertId } from '../../src/alerts/identity';
import { AT, mapping, rule, table, WINDOW } from './sample';

const build = (overrides: Partial<AlertingRule>, result: ResultTable, options: Partial<BuildOptions> = {}) =>
  buildAlerts(rule(overrides), result, WINDOW, { generatedAt: AT, ...options });
const one = (overrides: Partial<AlertingRule>, result: ResultTable, options: Partial<BuildOptions> = {}) => {
  const { alerts } = build(overrides, result, options);
  expect(alerts).toHaveLength(1);
  return alerts[0]!;
};

describe('buildAlerts', () => {
  it('makes the record of a scheduled alert', () => {
    const time = '2019-04-30T20:35:11.8560890Z';
    const alert = one(
      { entityMappings: [mapping('Host', 'FullName=Computer')] },
      table({ Computer: 'IEWIN7', StartTime: time, EndTime: time, User: '' }),
    );
    expect(alert).toEqual({
      SystemAlertId: runAlertId(rule().id, WINDOW),
      Revision: 1,
      TimeGenerated: AT,
      ProcessingEndTime: AT,
      AlertName: 'Sample rule',
      DisplayName: 'Sample rule',
      AlertSeverity: 'Medium',
      AlertType: '50cbf34a-4cdd-45d7-b3f5-8b53a1d0d14f',
      Description: 'Finds what the tests look for.',
      Status: 'New',
      StartTime: time,
      EndTime: time,
      WindowStart: WINDOW.start,
      WindowEnd: WINDOW.end,
      Incomplete: false,
      Tactics: 'LateralMovement',
      Techniques: 'T1021.003',
      ProviderName: 'Outrider',
      VendorName: 'Outrider',
      ProductName: 'Outrider',
      ProductComponentName: 'Scheduled Alerts',
      VendorOriginalId: runAlertId(rule().id, WINDOW),
      AlertLink: '',
      ConfidenceLevel: '',
      ConfidenceScore: null,
      RemediationSteps: '',
      ExtendedLinks: '',
      CompromisedEntity: 'IEWIN7',
      Entities: [{ $id: '1', HostName: 'IEWIN7', Type: 'host' }],
      CustomDetails: {},
      ExtendedProperties: {
        'Query Period': '01:00:00',
        'Trigger Operator': 'GreaterThan',
        'Trigger Threshold': '0',
        'Search Query Results Overall Count': '1',
        Query: 'set query_now = datetime(2019-04-30T21:00:00.0000000Z);\nEvent\n| where EventID == 1\n',
        'Query Start Time UTC': '2019-04-30 20:00:00Z',
        'Query End Time UTC': '2019-04-30 21:00:00Z',
        'Analytic Rule Ids': '["50cbf34a-4cdd-45d7-b3f5-8b53a1d0d14f"]',
        'Analytic Rule Name': 'Sample rule',
        'Analytic Rule Version': '1.0.3',
        'Event Grouping': 'SingleAlert',
        'Alert generation status': 'Full alert created',
      },
      Results: [{ Computer: 'IEWIN7', StartTime: time, EndTime: time, User: '' }],
      Type: 'SecurityAlert',
    });
    expect(JSON.parse(JSON.stringify(alert))).toEqual(alert);
  });

  it('takes the times from the result, else from the window', () => {
    const t = (minute: number) => `2019-04-30T20:${minute}:00.0000000Z`;
    const times = (...rows: Record<string, unknown>[]) => {
      const { StartTime, EndTime } = one({}, table(...rows));
      return [StartTime, EndTime];
    };
    expect(times({ StartTime: t(20), EndTime: t(30) }, { StartTime: t(10), EndTime: t(15) })).toEqual([t(10), t(30)]);
    expect(times({ StartTimeUtc: t(20), EndTimeUtc: t(30) })).toEqual([t(20), t(30)]);
    expect(times({ min_TimeGenerated: t(20), max_TimeGenerated: t(30) })).toEqual([t(20), t(30)]);
    expect(times({ TimeGenerated: t(40) }, { TimeGenerated: t(25) }, { TimeGenerated: null })).toEqual([t(25), t(40)]);
    expect(times({ Computer: 'a' })).toEqual([WINDOW.start, WINDOW.end]);
    expect(times({ StartTime: 'attacker text', EndTime: 7 })).toEqual([WINDOW.start, WINDOW.end]);
    expect(times({ StartTime: t(50), EndTime: t(20) })).toEqual([t(20), t(50)]);
  });

  it('makes one alert for a run without rows', () => {
    for (const eventGrouping of ['SingleAlert', 'AlertPerResult'] as const) {
      const alert = one(
        { eventGrouping, trigger: { operator: 'LessThan', threshold: 1 } },
        { columns: [{ name: 'A', type: 'string' }], rows: [] },
      );
      expect(alert).toMatchObject({
        Results: [],
        Entities: [],
        StartTime: WINDOW.start,
        SystemAlertId: runAlertId(rule().id, WINDOW),
      });
    }
  });

  it('makes one alert a row under AlertPerResult', () => {
    const { alerts, withoutOwnAlert } = build({ eventGrouping: 'AlertPerResult' }, table({ C: 'a' }, { C: 'b' }));
    expect(alerts.map((alert) => alert.Results)).toEqual([[{ C: 'a' }], [{ C: 'b' }]]);
    expect(new Set(alerts.map((alert) => alert.SystemAlertId)).size).toBe(2);
    expect(alerts.every((alert) => alert.ExtendedProperties['Search Query Results Overall Count'] === '2')).toBe(true);
    expect(withoutOwnAlert).toBe(0);
  });

  it('makes at most 150 alerts a run, the last for the whole result', () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => ({ C: `c${i}` }));
    const { alerts, withoutOwnAlert } = build({ eventGrouping: 'AlertPerResult' }, table(...rows));
    expect(alerts).toHaveLength(150);
    expect(withoutOwnAlert).toBe(851);
    expect(alerts.at(-1)!.Results).toHaveLength(1_000);
    expect(alerts.at(-1)!.ExtendedProperties).toMatchObject({
      'Event Grouping': 'SingleAlert',
      'Alert generation status':
        'Partial alert created: 851 results have no alert of their own and are summed up in this one',
    });
    expect(build({ eventGrouping: 'AlertPerResult' }, table(...rows.slice(0, 150))).withoutOwnAlert).toBe(0);
    expect(build({ eventGrouping: 'AlertPerResult', kind: 'NRT' }, table(...rows)).alerts).toHaveLength(30);
    expect(
      build({ eventGrouping: 'AlertPerResult' }, table(...rows), { limits: { alertsPerRun: 3 } }).alerts,
    ).toHaveLength(3);
    expect(
      build({ eventGrouping: 'AlertPerResult' }, table(...rows), { limits: { alertsPerRun: 1 } }).alerts,
    ).toHaveLength(1);
  });

  it('carries as many result rows as fit, and says how many not', () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({ C: `${i}${'x'.repeat(5_000)}` }));
    const alert = one({}, table(...rows));
    expect(Buffer.byteLength(JSON.stringify(alert.Results))).toBeLessThanOrEqual(1_000_000);
    expect(alert.ExtendedProperties['Alert generation status']).toBe(
      `Partial alert created: ${300 - alert.Results.length} result rows are not carried`,
    );
    expect(alert.ExtendedProperties['Search Query Results Overall Count']).toBe('300');
    expect(alert.Results.length).toBeGreaterThan(150);
    expect(one({}, table({ C: 'x'.repeat(2_000_000) })).Results).toHaveLength(1);
    expect(one({}, table({ C: 1 }, { C: 2 }), { limits: { results: 1 } }).Results).toEqual([{ C: 1 }]);
  });

  it('gathers custom details over the rows, each value once', () => {
    const customDetails = [
      { name: 'Who', columnName: 'User' },
      { name: 'What', columnName: 'Missing' },
    ];
    const alert = one(
      { customDetails },
      table({ User: 'a' }, { User: 'b' }, { User: 'a' }, { User: null }, { User: ['x'] }),
    );
    expect(alert.CustomDetails).toEqual({ Who: ['a', 'b', '["x"]'], What: [] });
    expect(JSON.parse(alert.ExtendedProperties['Custom Details']!)).toEqual(alert.CustomDetails);
    const large = one(
      { customDetails },
      table(...Array.from({ length: 100 }, (_, i) => ({ User: `${i}${'x'.repeat(1_000)}` }))),
    );
    expect(Buffer.byteLength(JSON.stringify(large.CustomDetails))).toBeLessThanOrEqual(65_536);
    expect(large.ExtendedProperties['Alert generation status']).toBe(
      `Partial alert created: ${100 - large.CustomDetails.Who!.length} custom detail values are left out`,
    );
  });

  it('applies alertDetailsOverride from the first row', () => {
    const alertDetailsOverride = {
      alertDisplayNameFormat: '{{ Computer }} by {{User}}',
      alertDescriptionFormat: 'Seen {{Count}} times',
      alertSeverityColumnName: 'Sev',
      alertTacticsColumnName: 'Tac',
      alertDynamicProperties: [
        { alertProperty: 'ProductName', value: 'Product' },
        { alertProperty: 'ConfidenceScore', value: 'Score' },
        { alertProperty: 'Techniques', value: 'Tec' },
      ],
    };
    const row = {
      Computer: 'WS01',
      User: 'alice',
      Count: 3,
      Sev: 'high',
      Tac: 'Persistence, Credential Access',
      Product: 'Sysmon',
      Score: 0.5,
      Tec: ['T1055'],
    };
    expect(one({ alertDetailsOverride }, table(row, { ...row, Computer: 'WS02' }))).toMatchObject({
      AlertName: 'WS01 by alice',
      DisplayName: 'WS01 by alice',
      Description: 'Seen 3 times',
      AlertSeverity: 'High',
      Tactics: 'Persistence,CredentialAccess',
      ProductName: 'Sysmon',
      ConfidenceScore: 0.5,
      Techniques: 'T1055',
    });
    expect(
      one(
        { alertDetailsOverride },
        table({ ...row, User: '', Count: null, Sev: 'grave', Tac: '', Product: null, Score: 'NaN', Tec: 'none' }),
      ),
    ).toMatchObject({
      AlertName: 'Sample rule',
      Description: 'Finds what the tests look for.',
      AlertSeverity: 'Medium',
      Tactics: 'LateralMovement',
      ProductName: 'Outrider',
      ConfidenceScore: null,
      Techniques: 'T1021.003',
    });
  });

  it('does not fill placeholders that a value brings, and cuts long names', () => {
    const alertDetailsOverride = { alertDisplayNameFormat: '{{A}}' };
    expect(one({ alertDetailsOverride }, table({ A: '{{Secret}} $& $1', Secret: 'x' })).AlertName).toBe(
      '{{Secret}} $& $1',
    );
    const long = one({ alertDetailsOverride }, table({ A: 'x'.repeat(300) })).AlertName;
    expect(long).toBe(`${'x'.repeat(255)}…`);
  });

  it('keeps hostile column names and values as data', () => {
    const hostile = {
      columns: [
        { name: '__proto__', type: 'dynamic' },
        { name: 'constructor', type: 'string' },
      ],
      rows: [[{ polluted: true }, '<img src=x onerror=alert(1)>\u001b]0;x\u0007']],
    };
    const alert = one(
      {
        entityMappings: [mapping('Process', 'CommandLine=constructor')],
        customDetails: [{ name: 'toString', columnName: '__proto__' }],
      },
      hostile,
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const [row] = JSON.parse(JSON.stringify(alert.Results)) as Record<string, unknown>[];
    expect(Object.keys(row!)).toEqual(['__proto__', 'constructor']);
    expect(alert.Entities[0]!.CommandLine).toBe('<img src=x onerror=alert(1)>\u001b]0;x\u0007');
    expect(alert.CustomDetails.toString).toEqual(['{"polluted":true}']);
  });

  it('marks incomplete runs and NRT rules', () => {
    expect(one({}, table({ A: 1 }), { incomplete: true }).Incomplete).toBe(true);
    const nrt = one({ kind: 'NRT', schedule: undefined }, table({ A: 1 }));
    expect(nrt.ProductComponentName).toBe('NRT Alerts');
    expect(nrt.ExtendedProperties).not.toHaveProperty('Query Period');
  });

  it('names the compromised entity', () => {
    const named = (entityMappings: AlertingRule['entityMappings']) =>
      one({ entityMappings }, table({ A: 'CORP\\bob', H: 'ws01.corp.example.com' })).CompromisedEntity;
    expect(named([mapping('Account', 'FullName=A')])).toBe('CORP\\bob');
    expect(named([mapping('Account', 'FullName=A'), mapping('Host', 'FullName=H')])).toBe('ws01.corp.example.com');
    expect(named([])).toBe('');
  });
});
