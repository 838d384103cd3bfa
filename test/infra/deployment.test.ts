import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileInfra } from './arm';
import { type Predicted, predict } from './predict';

jest.setTimeout(300_000);

const root = join(__dirname, '../..');
const compiled = compileInfra();
const withCompiler = compiled ? describe : describe.skip;

const NAMESPACE =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.EventHub/namespaces/hubs';
const exportTables = ['Event'];
const extraAppSettings = {
  AzureFunctionsJobHost__extensions__eventHubs__minEventBatchSize: '500',
  FLUSH_SCHEDULE: '*/30 * * * * *',
};
/** Few, since each takes the compiler seconds. */
const DEPLOYMENTS = {
  plain: {},
  open: { exportTables, extraAppSettings, storage: { sku: 'Standard_GRS' }, app: { instanceMemoryMB: 512 } },
  closed: { exportTables, privateNetworking: true, eventHubNamespaceId: NAMESPACE, app: { instanceMemoryMB: 4096 } },
};
type Deployment = keyof typeof DEPLOYMENTS;

function made(deployment: Deployment): readonly Predicted[] {
  const prediction = predict(DEPLOYMENTS[deployment]);
  if ('refused' in prediction) throw new Error(prediction.refused);
  return prediction.resources;
}
const ofType = (deployment: Deployment, type: string) => made(deployment).filter((each) => each.type === type);
const appSettings = (deployment: Deployment) =>
  ofType(deployment, 'Microsoft.Web/sites/config').find(({ name }) => name.endsWith('/appsettings'))!
    .properties as Record<string, string>;
const refusal = (parameters: Readonly<Record<string, unknown>>): string => {
  const prediction = predict(parameters);
  return 'refused' in prediction ? prediction.refused : '';
};

/**
 * What Flex Consumption ignores, refuses or has elsewhere, of the app's settings and of Microsoft.Web/sites.
 * https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations
 */
const NOT_ON_FLEX = {
  settings: [
    'ENABLE_ORYX_BUILD',
    'FUNCTIONS_EXTENSION_VERSION',
    'FUNCTIONS_MAX_HTTP_CONCURRENCY',
    'FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED',
    'FUNCTIONS_WORKER_PROCESS_COUNT',
    'FUNCTIONS_WORKER_RUNTIME',
    'FUNCTIONS_WORKER_RUNTIME_VERSION',
    'SCM_DO_BUILD_DURING_DEPLOYMENT',
    'TZ',
    'WEBSITE_CONTENTAZUREFILECONNECTIONSTRING',
    'WEBSITE_CONTENTOVERVNET',
    'WEBSITE_CONTENTSHARE',
    'WEBSITE_DNS_SERVER',
    'WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT',
    'WEBSITE_NODE_DEFAULT_VERSION',
    'WEBSITE_RUN_FROM_PACKAGE',
    'WEBSITE_SKIP_CONTENTSHARE_VALIDATION',
    'WEBSITE_TIME_ZONE',
    'WEBSITE_VNET_ROUTE_ALL',
  ],
  properties: [
    'alwaysOn',
    'containerSize',
    'ftpsState',
    'functionAppScaleLimit',
    'isReserved',
    'isXenon',
    'javaVersion',
    'linuxFxVersion',
    'minimumElasticInstanceCount',
    'netFrameworkVersion',
    'nodeVersion',
    'powerShellVersion',
    'preWarmedInstanceCount',
    'use32BitWorkerProcess',
    'vnetBackupRestoreEnabled',
    'vnetContentShareEnabled',
    'vnetImagePullEnabled',
    'vnetRouteAllEnabled',
    'windowsFxVersion',
  ],
};

withCompiler('app settings of a deployment', () => {
  it('are those that it makes, and what is set beside them', () => {
    const before = appSettings('plain');
    expect(appSettings('open')).toEqual({ ...before, ...extraAppSettings });
    expect(Object.keys(before).length).toBeGreaterThan(20);
    expect(before.FLUSH_SCHEDULE).toBe('0 * * * * *');
  });

  it('hold none that Flex Consumption does not take', () => {
    const names = Object.keys(appSettings('plain')).map((name) => name.toUpperCase());
    expect(names.filter((name) => NOT_ON_FLEX.settings.includes(name))).toEqual([]);
  });

  it('are refused where Flex Consumption does not take them, whichever way they are written', () => {
    const text = refusal({ extraAppSettings: { functions_worker_runtime: 'node', OUTRIDER_GRACE: '5m' } });
    expect(text).toContain('Flex Consumption does not take FUNCTIONS_WORKER_RUNTIME. Leave it out');
    const source = readFileSync(join(root, 'infra/checks.bicep'), 'utf8');
    const list = /notOnFlexConsumption = \[([^\]]*)\]/.exec(source)![1]!;
    expect(list.match(/\w+/g)).toEqual(NOT_ON_FLEX.settings);
  });
});

withCompiler('the site', () => {
  it('has no property that Flex Consumption does not take, with or without a network', () => {
    for (const deployment of ['plain', 'closed'] as const) {
      const { properties = {} } = ofType(deployment, 'Microsoft.Web/sites')[0]!;
      const siteConfig = properties.siteConfig as object;
      const names = [...Object.keys(properties), ...Object.keys(siteConfig)].map((name) => name.toLowerCase());
      const refused = NOT_ON_FLEX.properties.map((name) => name.toLowerCase());
      expect(names.filter((name) => refused.includes(name))).toEqual([]);
      expect(siteConfig).not.toHaveProperty('appSettings');
      expect('virtualNetworkSubnetId' in properties && properties.virtualNetworkSubnetId !== null).toBe(
        deployment === 'closed',
      );
    }
  });

  it('has what Flex Consumption wants of it, at every size', () => {
    for (const [deployment, instanceMemoryMB] of [
      ['plain', 2048],
      ['open', 512],
      ['closed', 4096],
    ] as const) {
      const { apiVersion, properties } = ofType(deployment, 'Microsoft.Web/sites')[0]!;
      // An older version refused 512.
      expect(apiVersion >= '2025-03-01').toBe(true);
      expect(properties).toMatchObject({
        functionAppConfig: {
          deployment: { storage: { type: 'blobContainer', authentication: { type: 'UserAssignedIdentity' } } },
          runtime: { name: 'node', version: '22' },
          scaleAndConcurrency: { instanceMemoryMB, maximumInstanceCount: 40 },
        },
      });
    }
  });
});

withCompiler('storage', () => {
  it('is zone-redundant where the region has zones, or as the parameters say', () => {
    const skus = (deployment: Deployment) =>
      ofType(deployment, 'Microsoft.Storage/storageAccounts').map(({ sku }) => sku!.name);
    // Which regions have zones is known to Resource Manager alone.
    expect(skus('plain')).toHaveLength(2);
    for (const sku of skus('plain'))
      expect(sku).toMatch(
        /if\(empty\(pickZones\('Microsoft\.Compute', 'virtualMachines', .*'Standard_LRS', 'Standard_ZRS'\)/,
      );
    expect(skus('open')).toEqual(['Standard_GRS', 'Standard_GRS']);
  });
});

withCompiler('data export', () => {
  const exports = (deployment: Deployment) =>
    ofType(deployment, 'Microsoft.OperationalInsights/workspaces/dataExports').length;

  it('is refused into a namespace that is made here and closed', () => {
    expect(refusal({ exportTables, privateNetworking: true })).toContain(
      'exportTables cannot be used with privateNetworking',
    );
  });

  it('is made into one that is open, or that was there before', () => {
    expect([exports('plain'), exports('open'), exports('closed')]).toEqual([0, 1, 1]);
  });
});

withCompiler('the compiler', () => {
  const build = (text: string) => {
    const directory = mkdtempSync(join(tmpdir(), 'outrider-bicep-'));
    const file = join(directory, 'test.bicep');
    writeFileSync(file, text);
    const script = `
      import { findBicep, runBicep } from ${JSON.stringify(join(root, 'scripts/bicep.mjs'))};
      process.stdout.write(JSON.stringify(runBicep(findBicep(), 'build', process.argv[1], ['--stdout'])));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script, file], { encoding: 'utf8' });
    rmSync(directory, { recursive: true, force: true });
    return JSON.parse(stdout).output as string;
  };

  /** That what it warns of is a failure is said by compileInfra, which every test here goes through, and scripts/infra-check.mjs. */
  it('holds resources against their published schemas: what is missing, unknown or of the wrong type', () => {
    const output = build(`
resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: 'account'
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: { supportHttpsTrafficOnly: true, minimumTlsVersion: 12 }
}
resource later 'Microsoft.Storage/storageAccounts@2099-01-01' existing = { name: 'later' }
`);
    expect(output).toMatch(/BCP035.*location/);
    expect(output).toMatch(/BCP(?:037|089).*supportHttpsTrafficOnly/);
    expect(output).toMatch(/BCP036.*minimumTlsVersion/);
    expect(output).toMatch(/BCP081.*2099-01-01/);
  });
});
