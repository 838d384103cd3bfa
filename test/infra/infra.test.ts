import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SINKS } from '../../src/alerts/sinks/registry';
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
  '2a2b9908-6ea1-4ae2-8e65-a390df84e7d1': 'Storage Blob Data Reader',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
  'a638d3c7-ab3a-418d-83e6-5f17a39d4fde': 'Azure Event Hubs Data Receiver',
  '2b629674-e913-4c01-ae53-ef4638d8f975': 'Azure Event Hubs Data Sender',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
} as const;

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
    expect(named(host.containers)).toEqual([]);
    expect(named(state.accountRoles)).toEqual(['Storage Table Data Contributor']);
    const containers = (state.containers!.value as { name: string; role: string }[]).map(({ name, role }) => [
      /'\{0\}-([a-z-]+)'/.exec(name)![1],
      ...named(role),
    ]);
    expect(containers).toEqual([
      ['dead-letters', 'Storage Blob Data Contributor'],
      ['lists', 'Storage Blob Data Contributor'],
      ['plans', 'Storage Blob Data Reader'],
    ]);
  });

  it('no id in the templates is that of a role which is not on the list', () => {
    const used = [...new Set(arm.text.match(GUID))];
    expect(used.sort()).toEqual(Object.keys(ROLES).sort());
  });

  it('the containers are the ones that the code names', () => {
    const { containers } = parametersOf(arm, 'outrider', 'outrider-state-storage');
    const names = (containers!.value as { name: string }[]).map(({ name }) => name);
    expect(names.every((name) => name.includes("toLower(variables('tablePrefix'))"))).toBe(true);
    for (const [file, container] of [
      ['src/host/dead-letters.ts', 'dead-letters'],
      ['src/host/list-store.ts', 'lists'],
      ['src/host/plan-versions.ts', 'plans'],
    ]) {
      const source = readFileSync(join(root, file!), 'utf8');
      expect(source).toMatch(new RegExp(`\\$\\{tablePrefix\\.toLowerCase\\(\\)\\}-${container}\``));
      expect(names.join()).toContain(`-${container}'`);
    }
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

withCompiler('the board', () => {
  const signIn = () => arm.resources.find(({ template }) => template.endsWith('outrider-board-sign-in'))!;

  it('is off, and where it is on nobody gets to it without having signed in', () => {
    const { properties } = signIn();
    expect(properties).toMatchObject({
      platform: { enabled: true },
      globalValidation: {
        requireAuthentication: true,
        unauthenticatedClientAction: 'RedirectToLoginPage',
        excludedPaths: ['/api/health'],
      },
      httpSettings: { requireHttps: true },
      // Signed in by this tenant alone, with the managed identity in the place of a secret.
      identityProviders: {
        azureActiveDirectory: {
          enabled: true,
          registration: {
            openIdIssuer: expect.stringContaining('tenant().tenantId'),
            clientSecretSettingName: expect.stringMatching(/identitySettingName/),
          },
        },
      },
      login: { tokenStore: { enabled: false } },
    });
    expect(JSON.stringify(properties)).toContain("variables('principals')");
    expect(arm.text).toContain('allowedPrincipals');
    const settings = parametersOf(arm, 'outrider', 'outrider-functions').settings!.value as Record<string, string>;
    expect(settings.OUTRIDER_BOARD).toBe(
      "[if(empty(coalesce(tryGet(parameters('board'), 'clientId'), '')), '', 'entra')]",
    );
    expect(arm.main.parameters!.board!.defaultValue).toEqual({});
  });
});

withCompiler('app settings', () => {
  const settings = () => parametersOf(arm, 'outrider', 'outrider-functions').settings!.value as Record<string, string>;
  const base = (name: string): string => name.replace(/__.*$/, '');
  /** Still read, and set by nothing of ours. */
  const OLDER_NAME = 'OUTRIDER_CLOCK';
  /** The lists of sinks that a deployment can have. */
  const sinkLists = (): string[] => {
    const { sinks } = arm.templates.get('outrider')!.variables as { sinks: string };
    return sinks.match(/(?<=')[a-z]+-[a-z,-]+(?=')/g)!;
  };
  /** Left out on purpose: a replay, and the settings of sinks that a deployment does not have. */
  const notInTheCloud = (): string[] => {
    const deployable = sinkLists().flatMap((list) => list.split(','));
    return [
      'OUTRIDER_MODE',
      OLDER_NAME,
      ...SINKS.filter(({ name }) => !deployable.includes(name)).flatMap(({ settings }) => Object.keys(settings)),
    ];
  };
  /** Read by the Functions host and its telemetry, not by us. */
  const HOST = [
    'APPLICATIONINSIGHTS_CONNECTION_STRING',
    'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
    // Of App Service authentication.
    'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID',
  ];

  it('are exactly those that src/config.ts reads', () => {
    const names = [...new Set(Object.keys(settings()).map(base))].filter((name) => !HOST.includes(name));
    const known = SETTINGS.map(({ name }) => name).filter((name) => !notInTheCloud().includes(name));
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

  /** The settings as a deployment without parameters of its own would have them; ids and addresses are made up. */
  const deployed = (): Record<string, string> => {
    const { parameters = {}, variables = {} } = arm.templates.get('outrider')!;
    return Object.fromEntries(
      Object.entries(settings()).map(([name, value]): [string, string] => {
        const parameter = /^\[parameters\('(\w+)'\)\]$/.exec(value)?.[1];
        if (parameter) return [name, String(parameters[parameter]!.defaultValue)];
        const written = /^\[variables\('(\w+)'\)\]$/.exec(value)?.[1];
        const expression = written ? String(variables[written]) : value;
        const fallback = /coalesce\(tryGet\(.*\), '([^']*)'\)/.exec(expression)?.[1];
        if (fallback !== undefined) return [name, fallback];
        if (/ServiceUri$|ENDPOINT$/.test(name)) return [name, 'https://name.example/'];
        return [name, value.startsWith('[') ? 'value' : value];
      }),
    );
  };

  it('are accepted by readConfig, for either list of sinks, with the defaults of the code', () => {
    const lists = sinkLists();
    expect(lists).toEqual(['logs-ingestion', 'logs-ingestion,event-hub']);
    for (const list of lists) {
      const env: Record<string, string> = { ...deployed(), OUTRIDER_SINKS: list, ALERTS_EVENT_HUB_NAME: 'alerts' };
      const config = readConfig(env, 'plans.json');
      expect(config.sinks.map(({ definition }) => definition.name).sort()).toEqual(list.split(',').sort());
      const { OUTRIDER_MAX_LATE: _, OUTRIDER_MAX_WAIT: __, OUTRIDER_TABLE_PREFIX: ___, ...less } = env;
      expect(config).toEqual(readConfig(less, 'plans.json'));
    }
    expect(deployed()).toMatchObject({ EVENT_HUB_CONSUMER_GROUP: 'outrider', FLUSH_SCHEDULE: '0 * * * * *' });
  });

  it('in local.settings.sample.json are all there are, and start the app', () => {
    const sample = JSON.parse(readFileSync(join(root, 'local.settings.sample.json'), 'utf8')) as {
      Values: Record<string, string>;
    };
    const { FUNCTIONS_WORKER_RUNTIME, ...values } = sample.Values;
    expect(FUNCTIONS_WORKER_RUNTIME).toBe('node');
    const current = SETTINGS.map(({ name }) => name).filter((name) => name !== OLDER_NAME);
    expect(Object.keys(values).sort()).toEqual([...current].sort());
    expect(readConfig(values, 'plans.json').sinks.map(({ definition }) => definition.name)).toEqual(['file']);
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
      const { type, minValue, maxValue, allowedValues, defaultValue } = parameter;
      if (type !== 'int') continue;
      expect({ name, isBound: allowedValues !== undefined || minValue! <= maxValue! }).toEqual({ name, isBound: true });
      expect(defaultValue).toBeGreaterThanOrEqual(minValue ?? Math.min(...(allowedValues as number[])));
      expect(defaultValue).toBeLessThanOrEqual(maxValue ?? Math.max(...(allowedValues as number[])));
    }
  });

  it('that are objects say what is in them, with ranges and defaults', () => {
    const { definitions = {} } = arm.templates.get('outrider')!;
    expect(Object.keys(definitions).sort()).toEqual([
      'appSize',
      'boardSettings',
      'captureSettings',
      'engineSettings',
      'hubSize',
      'incidentSettings',
      'storageSettings',
    ]);
    for (const { properties } of Object.values(definitions)) {
      for (const [name, { type, nullable, metadata, minValue, maxValue, allowedValues, maxLength }] of Object.entries(
        properties,
      )) {
        expect({ name, nullable, text: metadata?.description }).toEqual({
          name,
          nullable: true,
          text: expect.stringContaining('Default: '),
        });
        const isBound =
          type === 'bool' || allowedValues !== undefined || (type === 'int' ? minValue! <= maxValue! : maxLength! > 0);
        expect({ name, isBound }).toEqual({ name, isBound: true });
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
