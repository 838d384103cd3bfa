import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERT_COLUMNS } from '../../src/alerts/sinks/support/log-columns';
import { SETTINGS } from '../../src/config';
import { type Compiled, compileInfra, type Resource } from './arm';

const root = join(__dirname, '../..');
const compiled = compileInfra();
const arm = compiled as Compiled;
/** The compiler is not on every machine; everywhere else these tests run. */
const withCompiler = compiled ? describe : describe.skip;

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

withCompiler('the alerts table', () => {
  const nested = (name: string) => [...arm.templates].find(([path]) => path.endsWith(`/${name}`))![1];

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
    const text = JSON.stringify(
      arm.templates.get('outrider/outrider-workspace-side/outrider-sentinel-rule')!.variables,
    );
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
    const variables = JSON.stringify(
      arm.templates.get('outrider/outrider-operations/outrider-operations-alerts')!.variables,
    );
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
    const rules = (
      arm.templates.get('outrider/outrider-operations/outrider-operations-alerts')!.variables as Record<string, object>
    ).rules!;
    const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
    for (const name of [...Object.keys(rules), 'hub-throttled']) expect(runbook).toContain(`## ${name}\n`);
  });
});
