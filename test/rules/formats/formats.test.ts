import { parseRuleFile, readRules } from '../../../src/rules/read';

const ID = '6a0b1c2d-1111-4222-8333-444455556666';
const read = (value: unknown, file = 'r.json') =>
  readRules(parseRuleFile(typeof value === 'string' ? value : JSON.stringify(value, null, 2), file), file);
const brief = (problems: readonly { code: string; severity: string; line: number }[]) =>
  problems.map(({ code, severity, line }) => `${code} ${severity} ${line}`);

const PROPERTIES = {
  displayName: 'Many logons',
  description: 'Counts.',
  severity: 'Medium',
  enabled: true,
  query: 'Event\n| where EventID == 1\n| summarize count() by Computer',
  queryFrequency: 'PT1H',
  queryPeriod: 'P1D',
  triggerOperator: 'GreaterThan',
  triggerThreshold: 3,
  suppressionDuration: 'PT5H',
  suppressionEnabled: false,
  tactics: ['LateralMovement'],
  techniques: ['T1021'],
  subTechniques: ['T1021.003'],
  alertRuleTemplateName: null,
  templateVersion: '1.0.2',
  incidentConfiguration: {
    createIncident: true,
    groupingConfiguration: {
      enabled: false,
      reopenClosedIncident: false,
      lookbackDuration: 'PT5H',
      matchingMethod: 'AllEntities',
    },
  },
  eventGroupingSettings: { aggregationKind: 'AlertPerResult' },
  customDetails: { Machine: 'Computer' },
  entityMappings: [{ entityType: 'Host', fieldMappings: [{ identifier: 'FullName', columnName: 'Computer' }] }],
};
const exported = (properties: object = {}, resource: object = {}) => ({
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  parameters: { workspace: { type: 'String' } },
  resources: [
    {
      id: `[concat(resourceId('Microsoft.OperationalInsights/workspaces/providers', parameters('workspace'), 'Microsoft.SecurityInsights'),'/alertRules/${ID}')]`,
      name: `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/${ID}')]`,
      type: 'Microsoft.OperationalInsights/workspaces/providers/alertRules',
      kind: 'Scheduled',
      apiVersion: '2023-12-01-preview',
      properties: { ...PROPERTIES, ...properties },
      ...resource,
    },
  ],
});

describe('an export of the portal', () => {
  it('gives the rule that it was', () => {
    const { rules, problems } = read(exported());
    expect([...problems, ...rules[0]!.problems].filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(rules[0]!.rule).toMatchObject({
      kind: 'Scheduled',
      id: ID,
      name: 'Many logons',
      version: '1.0.2',
      severity: 'Medium',
      query: PROPERTIES.query,
      schedule: { frequencyMs: 3_600_000, periodMs: 86_400_000 },
      trigger: { operator: 'GreaterThan', threshold: 3 },
      tactics: ['LateralMovement'],
      techniques: ['T1021', 'T1021.003'],
      eventGrouping: 'AlertPerResult',
      customDetails: [{ name: 'Machine', columnName: 'Computer' }],
      entityMappings: [{ entityType: 'Host', fieldMappings: [{ identifier: 'FullName', columnName: 'Computer' }] }],
      suppression: { enabled: false },
    });
  });

  it('names places in its JSON', () => {
    const value = exported({ severity: 'Medum' });
    const text = JSON.stringify(value, null, 2);
    const { rules } = read(text);
    const line = text.split('\n').findIndex((each) => each.includes('Medum')) + 1;
    expect(brief(rules[0]!.problems)).toContain(`unknown-severity error ${line}`);
    const [good] = read(JSON.stringify(exported(), null, 2)).rules;
    const queryLine =
      JSON.stringify(exported(), null, 2)
        .split('\n')
        .findIndex((each) => each.includes('"query"')) + 1;
    // The offset counts the query's characters; in the JSON each line break is two.
    const { line: at, column } = good!.queryPosition(PROPERTIES.query.indexOf('EventID'));
    expect(at).toBe(queryLine);
    expect(
      JSON.stringify(exported(), null, 2)
        .split('\n')
        [queryLine - 1]!.slice(column - 1),
    ).toMatch(/^EventID == 1/);
  });

  it('of a disabled rule, or of one without a query, is a warning', () => {
    expect(brief(read(exported({ enabled: false })).problems)).toEqual(['disabled-rule warning 20']);
    const fusion = read(exported({}, { kind: 'Fusion' }));
    expect([fusion.rules, fusion.problems.map(({ code }) => code)]).toEqual([[], ['no-query']]);
  });

  it('of an NRT rule has no schedule', () => {
    const { rules } = read(exported({}, { kind: 'NRT' }));
    expect(rules[0]!.rule).toMatchObject({ kind: 'NRT', id: ID });
    expect(rules[0]!.rule!.schedule).toBeUndefined();
  });

  it('as the REST API lists rules', () => {
    const rule = {
      id: `/subscriptions/x/alertRules/${ID}`,
      name: ID,
      type: 'Microsoft.SecurityInsights/alertRules',
      kind: 'Scheduled',
    };
    const { rules } = read({
      value: [
        { ...rule, properties: PROPERTIES },
        { ...rule, name: ID.replace('6a', '7b'), properties: PROPERTIES },
      ],
    });
    expect(rules.map(({ rule: each }) => each?.id)).toEqual([ID, ID.replace('6a', '7b')]);
  });

  it('that is broken says where', () => {
    const { rules } = read('{"resources": [\n  {"a": 1,,}\n]}');
    expect(rules[0]!.problems[0]).toMatchObject({ code: 'yaml', severity: 'error', line: 2 });
  });
});

describe('a package of the content hub', () => {
  const content = (name: string, properties: object) => ({
    type: 'Microsoft.OperationalInsights/workspaces/providers/contentTemplates',
    properties: {
      mainTemplate: {
        parameters: {},
        variables: {},
        resources: [
          {
            type: 'Microsoft.SecurityInsights/AlertRuleTemplates',
            name,
            kind: 'Scheduled',
            properties: { ...PROPERTIES, enabled: false, ...properties },
          },
          {
            type: 'Microsoft.OperationalInsights/workspaces/providers/metadata',
            properties: { kind: 'AnalyticsRule' },
          },
        ],
      },
    },
  });
  const template = {
    parameters: { word: { defaultValue: 'low' } },
    variables: {
      rule1: { id: ID, title: 'First' },
      severity: "[concat('', parameters('word'))]",
      loop: "[variables('loop')]",
    },
    resources: [
      { type: 'Microsoft.Insights/workbooks', properties: { displayName: 'w' } },
      content("[variables('rule1').id]", {
        displayName: "[variables('rule1').title]",
        severity: "[variables('severity')]",
      }),
      content("[parameters('analytic2-id')]", {
        displayName: 'Second',
        query: '[[not an expression]',
        description: "[variables('loop')]",
      }),
    ],
  };

  it('has the rules of its templates, with what its variables say', () => {
    const { rules, problems } = read(template);
    expect(problems.map(({ code, severity }) => `${code} ${severity}`)).toEqual(['missing-id warning']);
    expect(rules.map(({ rule }) => [rule?.id, rule?.name, rule?.severity])).toEqual([
      [ID, 'First', 'Low'],
      [expect.stringMatching(/^[0-9a-f]{8}-/), 'Second', 'Medium'],
    ]);
    expect(rules[1]!.query).toBe('[not an expression]');
  });

  it('gives a rule whose GUID is made at deployment an id that stays', () => {
    const ids = () =>
      read({ ...template, resources: [content("[parameters('x')]", { displayName: 'Second' })] }).rules[0]!.rule?.id;
    expect(ids()).toMatch(/^[0-9a-f]{8}-/);
    expect(ids()).toBe(ids());
  });
});

describe('a custom detection of Defender XDR', () => {
  const yaml = (period: string, more = '') => `schemaVersion: 1.0.0
kind: CustomDetection
id: ${ID}
properties:
  displayName: Odd process
${more}  queryCondition:
    queryText: |
      DeviceProcessEvents
      | where FileName =~ "evil.exe"
  schedule:
    period: ${period}
  detectionAction:
    alertTemplate:
      title: Odd process on {{DeviceName}}
      description: It runs.
      severity: high
      category: LateralMovement
      mitreTechniques:
        - T1021.003
      impactedAssets:
        - '@odata.type': '#microsoft.graph.security.impactedDeviceAsset'
          identifier: deviceName
        - '@odata.type': '#microsoft.graph.security.impactedDeviceAsset'
          identifier: deviceId
        - '@odata.type': '#microsoft.graph.security.impactedUserAsset'
          identifier: accountUpn
`;

  it.each<[string, string, [number, number] | undefined]>([
    ['0', 'NRT', undefined],
    ['1H', 'Scheduled', [1, 4]],
    ['3H', 'Scheduled', [3, 12]],
    ['PT12H', 'Scheduled', [12, 48]],
    ['24h', 'Scheduled', [24, 720]],
  ])('that runs every %s', (period, kind, hours) => {
    const { rules, problems } = read(yaml(period), 'd.yaml');
    expect(problems).toEqual([]);
    expect(rules[0]!.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(rules[0]!.rule).toMatchObject({
      kind,
      id: ID,
      name: 'Odd process',
      severity: 'High',
      description: 'It runs.',
      tactics: ['LateralMovement'],
      techniques: ['T1021.003'],
      eventGrouping: 'AlertPerResult',
      query: 'DeviceProcessEvents\n| where FileName =~ "evil.exe"\n',
      entityMappings: [
        { entityType: 'Host', fieldMappings: [{ identifier: 'FullName', columnName: 'DeviceName' }] },
        { entityType: 'Account', fieldMappings: [{ identifier: 'FullName', columnName: 'AccountUpn' }] },
      ],
    });
    const schedule = rules[0]!.rule!.schedule;
    expect(schedule && [schedule.frequencyMs / 3_600_000, schedule.periodMs / 3_600_000]).toEqual(hours);
    expect(rules[0]!.queryPosition('DeviceProcessEvents\n| where '.length)).toEqual({ line: 9, column: 15 });
  });

  it('as the Graph API gives it', () => {
    const { properties } = {
      properties: {
        displayName: 'g',
        detectorId: ID,
        isEnabled: true,
        queryCondition: { queryText: 'DeviceEvents' },
        schedule: { period: '1H' },
        detectionAction: { alertTemplate: { severity: 'low' } },
      },
    };
    expect(read(properties).rules[0]!.rule).toMatchObject({ id: ID, name: 'g', severity: 'Low' });
    expect(brief(read({ ...properties, isEnabled: false }).problems)).toEqual(['disabled-rule warning 4']);
  });

  it('with a period that there is not says so at its place', () => {
    const { rules, problems } = read(yaml('2H'), 'd.yaml');
    expect(rules).toEqual([]);
    expect(brief(problems)).toEqual(['bad-duration error 11']);
  });
});

describe('an id that is no GUID', () => {
  it('is a warning, and gives another that stays', () => {
    const { rules } = read(exported({}, {}));
    const text = 'id: 0a1b2c3d4\nname: r\nkind: NRT\nseverity: Low\nquery: Event\n';
    const [first] = readRules(parseRuleFile(text, 'r.yaml'), 'r.yaml').rules;
    expect(brief(first!.problems)).toEqual(['bad-id warning 1']);
    expect(first!.rule!.id).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
    expect(readRules(parseRuleFile(text, 'r.yaml'), 'r.yaml').rules[0]!.rule!.id).toBe(first!.rule!.id);
    expect(rules[0]!.rule!.id).toBe(ID);
  });
});
