import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERT_COLUMNS } from '../../src/alerts/sinks/log-columns';
import { readConfig, SETTINGS } from '../../src/config';
import { type Compiled, compileInfra, parametersOf, type Resource } from './arm';

const root = join(__dirname, '../..');
const compiled = compileInfra();
const arm = compiled as Compiled;
/** The compiler is not on every machine; everywhere else these tests run. */
const withCompiler = compiled ? describe : describe.skip;

/** Microsoft's built-in roles that may be given here. https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const ROLES = {
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': 'Storage Blob Data Contributor',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
  'a638d3c7-ab3a-418d-83e6-5f17a39d4fde': 'Azure Event Hubs Data Receiver',
  '2b629674-e913-4c01-ae53-ef4638d8f975': 'Azure Event Hubs Data Sender',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
} as const;

interface RuleProperties {
  readonly eventGroupingSettings: object;
  readonly alertDetailsOverride: {
    readonly alertSeverityColumnName: string;
    readonly alertTacticsColumnName: string;
    readonly alertDynamicProperties: readonly { readonly value: string }[];
  };
  readonly customDetails: Readonly<Record<string, string>>;
  readonly incidentConfiguration: { readonly groupingConfiguration: object };
}

const ofType = (type: string): Resource[] => arm.resources.filter((resource) => resource.type === type);
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

withCompiler('roles', () => {
  /** What is granted where: the variable or parameter of a role id is looked up. */
  const grants = () =>
    ofType('Microsoft.Authorization/roleAssignments').map((assignment) => {
      const { variables = {} } = arm.templates.get(assignment.template)!;
      const { roleDefinitionId, principalType } = assignment.properties as Record<string, string>;
      const variable = /variables\('(\w+)'\)/.exec(roleDefinitionId!)?.[1];
      return {
        template: assignment.template.split('/').pop()!,
        scope: assignment.scope,
        role: variable ? String(variables[variable]).match(GUID)?.[0] : undefined,
        principalType,
      };
    });

  it('are given to service principals, on resources and never on a group or subscription', () => {
    expect(grants().length).toBeGreaterThanOrEqual(7);
    for (const { scope, principalType } of grants()) {
      expect(principalType).toBe('ServicePrincipal');
      expect(scope).toBeDefined();
      expect(scope).not.toMatch(/subscription\(\)|resourceGroup\(\)\.id/);
    }
  });

  it('are the ones that the work needs, each where it is needed', () => {
    const named = grants()
      .filter(({ role }) => role !== undefined)
      .map(({ template, role, scope }) => [
        template,
        ROLES[role as keyof typeof ROLES],
        /'(Microsoft\.\w+\/[\w/]+)'/.exec(scope!)?.[1],
      ]);
    expect(named.sort()).toEqual(
      [
        ['outrider-event-hubs', 'Azure Event Hubs Data Receiver', 'Microsoft.EventHub/namespaces/eventhubs'],
        ['outrider-event-hubs', 'Azure Event Hubs Data Sender', 'Microsoft.EventHub/namespaces/eventhubs'],
        ['outrider-logs-ingestion', 'Monitoring Metrics Publisher', 'Microsoft.Insights/dataCollectionRules'],
        ['outrider-monitoring', 'Monitoring Metrics Publisher', 'Microsoft.Insights/components'],
        [
          'outrider-capture-access',
          'Storage Blob Data Contributor',
          'Microsoft.Storage/storageAccounts/blobServices/containers',
        ],
      ].sort(),
    );
  });

  it('on storage: the host owns its blobs, the state is tables and one container', () => {
    const { variables } = arm.templates.get('outrider')!;
    const roles = (variables as { roles: Record<string, string> }).roles;
    for (const id of Object.values(roles)) expect(ROLES).toHaveProperty(id);
    const named = (value: unknown): string[] =>
      [...JSON.stringify(value).matchAll(/variables\('roles'\)\.(\w+)/g)].map(
        ([, name]) => ROLES[roles[name!] as keyof typeof ROLES],
      );
    const host = parametersOf(arm, 'outrider', 'outrider-host-storage');
    const state = parametersOf(arm, 'outrider', 'outrider-state-storage');
    expect(named(host.accountRoles)).toEqual(['Storage Blob Data Owner']);
    expect(named(host.containerRoles)).toEqual([]);
    expect(named(state.accountRoles)).toEqual(['Storage Table Data Contributor']);
    expect(named(state.containerRoles)).toEqual(['Storage Blob Data Contributor']);
  });

  it('no id in the templates is that of a role which is not on the list', () => {
    const used = [...new Set(arm.text.match(GUID))];
    expect(used.sort()).toEqual(Object.keys(ROLES).sort());
  });

  it('the container is the one that dead letters are put in', () => {
    const { containers } = parametersOf(arm, 'outrider', 'outrider-state-storage');
    expect(JSON.stringify(containers)).toContain("format('{0}-dead-letters', toLower(parameters('tablePrefix')))");
    const source = readFileSync(join(root, 'src/host/dead-letters.ts'), 'utf8');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a source file
    expect(source).toContain('container: `${tablePrefix.toLowerCase()}-dead-letters`');
  });
});

withCompiler('keys', () => {
  it('are asked for and written nowhere', () => {
    expect(arm.text).not.toMatch(/listKeys|listAccountSas|listServiceSas|listSecrets|list\(/i);
    expect(arm.text).not.toMatch(/AccountKey|SharedAccessKey|SharedAccessSignature|authorizationRules/i);
  });

  it('are off on storage, which no one reads anonymously or without TLS 1.2', () => {
    const accounts = ofType('Microsoft.Storage/storageAccounts');
    expect(accounts).toHaveLength(2);
    for (const { properties } of accounts) {
      expect(properties).toMatchObject({
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        minimumTlsVersion: 'TLS1_2',
        supportsHttpsTrafficOnly: true,
      });
    }
    for (const { properties } of ofType('Microsoft.Storage/storageAccounts/blobServices/containers')) {
      expect(properties).toMatchObject({ publicAccess: 'None' });
    }
  });

  it('are off on the namespace, on telemetry, on a workspace of our own and for publishing', () => {
    const [namespace] = ofType('Microsoft.EventHub/namespaces');
    expect(namespace!.properties).toMatchObject({ disableLocalAuth: true, minimumTlsVersion: '1.2' });
    const [insights] = ofType('Microsoft.Insights/components');
    expect(insights!.properties).toMatchObject({ DisableLocalAuth: true, IngestionMode: 'LogAnalytics' });
    const [workspace] = ofType('Microsoft.OperationalInsights/workspaces');
    expect(workspace!.properties).toMatchObject({ features: { disableLocalAuth: true } });
    const publishing = ofType('Microsoft.Web/sites/basicPublishingCredentialsPolicies');
    expect(publishing.map(({ properties }) => properties)).toEqual([{ allow: false }, { allow: false }]);
  });
});

withCompiler('the function app', () => {
  const site = () => ofType('Microsoft.Web/sites')[0]!;

  it('runs on Flex Consumption with Node 22 and its own identity', () => {
    const [plan] = ofType('Microsoft.Web/serverfarms');
    expect(plan).toMatchObject({ sku: { name: 'FC1', tier: 'FlexConsumption' }, properties: { reserved: true } });
    expect(site()).toMatchObject({ kind: 'functionapp,linux', identity: { type: 'UserAssigned' } });
    const { functionAppConfig, httpsOnly } = site().properties as {
      httpsOnly: boolean;
      functionAppConfig: {
        runtime: object;
        deployment: { storage: { authentication: { type: string } } };
        scaleAndConcurrency: { alwaysReady: string };
      };
    };
    expect(httpsOnly).toBe(true);
    expect(functionAppConfig.runtime).toEqual({ name: 'node', version: '22' });
    expect(functionAppConfig.deployment.storage.authentication.type).toBe('UserAssignedIdentity');
    expect(functionAppConfig.scaleAndConcurrency.alwaysReady).toContain("'function:evaluate'");
  });

  it('keeps the function ready that the code has', () => {
    expect(readFileSync(join(root, 'functions/evaluate.ts'), 'utf8')).toContain("app.generic('evaluate'");
  });
});

withCompiler('app settings', () => {
  const settings = () => parametersOf(arm, 'outrider', 'outrider-functions').settings!.value as Record<string, string>;
  const base = (name: string): string => name.replace(/__.*$/, '');
  /** Left out on purpose. */
  const NOT_IN_THE_CLOUD = ['OUTRIDER_PLANS', 'ALERTS_FILE', 'OUTRIDER_CLOCK'];
  /** Read by the Functions host and its telemetry, not by us. */
  const HOST = ['APPLICATIONINSIGHTS_CONNECTION_STRING', 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'];

  it('are exactly those that src/config.ts reads', () => {
    const names = [...new Set(Object.keys(settings()).map(base))].filter((name) => !HOST.includes(name));
    const known = SETTINGS.map(({ name }) => name).filter((name) => !NOT_IN_THE_CLOUD.includes(name));
    expect(names.sort()).toEqual([...known].sort());
  });

  it('use the identity for every connection', () => {
    for (const connection of ['AzureWebJobsStorage', 'EventHubConnection']) {
      expect(settings()[`${connection}__credential`]).toBe('managedidentity');
      expect(settings()[`${connection}__clientId`]).toContain('clientId');
      expect(settings()).not.toHaveProperty(connection);
    }
    expect(settings().APPLICATIONINSIGHTS_AUTHENTICATION_STRING).toContain('Authorization=AAD');
  });

  it('are accepted by readConfig, with the defaults of the template', () => {
    const parameters = arm.templates.get('outrider')!.parameters!;
    const env = Object.fromEntries(
      Object.entries(settings()).map(([name, value]) => {
        const parameter = /^\[(?:string\()?parameters\('(\w+)'\)\)?\]$/.exec(value)?.[1];
        if (parameter) return [name, String(parameters[parameter]!.defaultValue)];
        if (name === 'OUTRIDER_SINKS') return [name, 'logs-ingestion,event-hub'];
        if (/ServiceUri$|ENDPOINT$/.test(name)) return [name, 'https://name.example/'];
        return [name, value.startsWith('[') ? 'value' : value];
      }),
    );
    const config = readConfig({ ...env, ALERTS_EVENT_HUB_NAME: 'alerts' }, 'plans.json');
    expect(config.maxLateMs).toBe(86_400_000);
    expect(config.events.consumerGroup).toBe('outrider');
    const { sinks } = arm.templates.get('outrider')!.variables as { sinks: string };
    for (const list of sinks.match(/'[a-z-]+(,[a-z-]+)*'/g) ?? []) {
      const named = readConfig(
        { ...env, ALERTS_EVENT_HUB_NAME: 'alerts', OUTRIDER_SINKS: list.slice(1, -1) },
        'p',
      ).sinks;
      expect(named.join(',').split(',').sort()).toEqual(list.slice(1, -1).split(',').sort());
    }
  });

  it('in local.settings.sample.json are all there are, and start the app', () => {
    const sample = JSON.parse(readFileSync(join(root, 'local.settings.sample.json'), 'utf8')) as {
      Values: Record<string, string>;
    };
    const { FUNCTIONS_WORKER_RUNTIME, ...values } = sample.Values;
    expect(FUNCTIONS_WORKER_RUNTIME).toBe('node');
    expect(Object.keys(values).sort()).toEqual(SETTINGS.map(({ name }) => name).sort());
    expect(readConfig(values, 'plans.json').sinks).toEqual(['file']);
  });
});

withCompiler('the alerts table', () => {
  const nested = (name: string) => arm.templates.get(`outrider/${name}`)!;

  it('and its stream have the columns that the sink sends', () => {
    for (const name of ['outrider-alerts-table', 'outrider-logs-ingestion']) {
      expect(nested(name).variables!['$fxv#0']).toEqual(ALERT_COLUMNS);
      expect(JSON.stringify(nested(name).resources)).toContain("variables('columns')");
    }
  });

  it('is written through a rule that needs no endpoint of its own', () => {
    const [rule] = ofType('Microsoft.Insights/dataCollectionRules');
    expect(rule!.kind).toBe('Direct');
    const { streamDeclarations, dataFlows } = rule!.properties as { streamDeclarations: object; dataFlows: object[] };
    expect(Object.keys(streamDeclarations)).toEqual(['Custom-OutriderAlerts']);
    const stream = SETTINGS.find(({ name }) => name === 'LOGS_INGESTION_STREAM') as { default?: string };
    expect(stream.default).toBe('Custom-OutriderAlerts');
    expect(dataFlows).toEqual([
      {
        streams: ['Custom-OutriderAlerts'],
        destinations: ['workspace'],
        transformKql: 'source',
        outputStream: 'Custom-OutriderAlerts_CL',
      },
    ]);
    const [table] = ofType('Microsoft.OperationalInsights/workspaces/tables');
    expect(table!.name).toContain('OutriderAlerts_CL');
  });
});

withCompiler('the analytics rule', () => {
  const properties = () => ofType('Microsoft.SecurityInsights/alertRules')[0]!.properties as unknown as RuleProperties;
  /** Columns of the query's last project. */
  const query = readFileSync(join(root, 'infra/sentinel-rule.kql'), 'utf8');
  const columns = new Set(
    query
      .slice(query.lastIndexOf('| project'))
      .replace('| project', '')
      .split(/,(?![^([]*[\])])/)
      .map((part) => part.trim().split(/\s*=/)[0]!),
  );

  it('raises one alert a result, with severity, tactics and techniques of the row', () => {
    const rule = properties();
    expect(rule.eventGroupingSettings).toEqual({ aggregationKind: 'AlertPerResult' });
    const { alertDetailsOverride } = rule;
    const used = [
      alertDetailsOverride.alertSeverityColumnName,
      alertDetailsOverride.alertTacticsColumnName,
      ...alertDetailsOverride.alertDynamicProperties.map(({ value }) => value),
      ...Object.values(rule.customDetails),
      ...[...JSON.stringify(alertDetailsOverride).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!),
    ];
    expect(used.filter((name) => !columns.has(name))).toEqual([]);
    expect(Object.keys(rule.customDetails).length).toBeLessThanOrEqual(20);
  });

  it('puts a correction into the incident of its alert', () => {
    expect(properties().incidentConfiguration.groupingConfiguration).toMatchObject({
      enabled: true,
      matchingMethod: 'Selected',
      groupByCustomDetails: ['AlertId'],
    });
    expect(properties().customDetails.AlertId).toBe('AlertId');
  });

  it('maps at most ten entities with at most three identifiers each, of columns that are there', () => {
    const text = JSON.stringify(arm.templates.get('outrider/outrider-sentinel-rule')!.variables);
    const names = [...text.matchAll(/"columnName":\s*"([^"]+)"/g)].map(([, name]) => name!);
    const formatted = [...names].flatMap((name) =>
      name.startsWith('[') ? [1, 2].map((i) => /'([^']*)'/.exec(name)![1]!.replace('{0}', String(i))) : [name],
    );
    expect(formatted.length).toBeGreaterThan(15);
    expect(formatted.filter((name) => !columns.has(name))).toEqual([]);
    const types = [...text.matchAll(/"entityType":\s*"(\w+)"/g)].map(([, type]) => type);
    expect(types).toEqual(expect.arrayContaining(['Host', 'Account', 'IP', 'Process', 'File', 'FileHash', 'URL']));
  });

  it('runs every five minutes over a day, as its query says', () => {
    expect(properties()).toMatchObject({ queryFrequency: 'PT5M', queryPeriod: 'P1D', suppressionEnabled: false });
    expect(query).toContain('let runEvery = 5m;');
  });
});

withCompiler('alerts on Outrider itself', () => {
  it('read fields that the functions log', () => {
    const variables = JSON.stringify(arm.templates.get('outrider/outrider-operations-alerts')!.variables);
    const types = readFileSync(join(root, 'src/engine/types.ts'), 'utf8');
    const fields = [...new Set([...variables.matchAll(/Result\.(\w+)/g)].map(([, name]) => name!))];
    expect(fields).toEqual(expect.arrayContaining(['waiting', 'failed', 'undelivered', 'deadLetters']));
    for (const field of fields.filter((name) => name !== 'message')) {
      expect(types).toMatch(new RegExp(`readonly ${field}: (?:number|boolean);`));
    }
    for (const [name, message] of [
      ['flush', 'flushed'],
      ['evaluate', 'evaluated'],
    ]) {
      expect(variables).toContain(`\\"${message}\\"`);
      expect(readFileSync(join(root, `functions/${name}.ts`), 'utf8')).toContain(`message: '${message}'`);
    }
  });

  it('are each in the runbook', () => {
    const rules = (arm.templates.get('outrider/outrider-operations-alerts')!.variables as Record<string, object>)
      .rules!;
    const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
    for (const name of [...Object.keys(rules), 'hub-throttled']) expect(runbook).toContain(`## ${name}\n`);
  });
});

withCompiler('parameters', () => {
  it('are described, everywhere, as are outputs', () => {
    for (const [path, { parameters = {}, outputs = {} }] of arm.templates) {
      for (const [name, { metadata }] of [...Object.entries(parameters), ...Object.entries(outputs)]) {
        expect({ path, name, description: metadata?.description }).toEqual({
          path,
          name,
          description: expect.stringMatching(/\S/),
        });
      }
    }
  });

  it('of main.bicep and resources.bicep are the same, with ranges and safe defaults', () => {
    const main = arm.main.parameters!;
    const nested = arm.templates.get('outrider')!.parameters!;
    const { environmentName: _, resourceGroupName: __, location: ___, ...shared } = main;
    const { location: ____, ...own } = nested;
    expect(shared).toEqual(own);
    for (const [name, parameter] of Object.entries(own)) {
      expect({ name, has: 'defaultValue' in parameter }).toEqual({ name, has: true });
      if (parameter.type === 'int') {
        const { minValue, maxValue, allowedValues, defaultValue } = parameter;
        expect({
          name,
          isBound: allowedValues !== undefined || (minValue !== undefined && maxValue !== undefined),
        }).toEqual({ name, isBound: true });
        if (allowedValues) expect(allowedValues).toContain(defaultValue);
        else {
          expect(defaultValue).toBeGreaterThanOrEqual(minValue!);
          expect(defaultValue).toBeLessThanOrEqual(maxValue!);
        }
      }
    }
  });
});

withCompiler('names', () => {
  it('of storage accounts fit into 24 characters at the longest prefix', () => {
    const parameters = arm.templates.get('outrider')!.parameters!;
    const prefix = parameters.namePrefix!.maxLength!;
    const { suffix } = arm.templates.get('outrider')!.variables as { suffix: string };
    const taken = Number(/take\(.*, (\d+)\)/.exec(suffix)![1]);
    expect(prefix + 1 + taken).toBeLessThanOrEqual(24);
  });

  it('of nested deployments are valid', () => {
    for (const path of arm.templates.keys()) {
      for (const name of path.split('/').filter(Boolean)) expect(name).toMatch(/^[-\w.()]{1,64}$/);
    }
  });
});
