import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTables, parseTable, TableFileError } from '../../src/tables';

const SHIPPED = join(__dirname, '../../tables');
const shipped = loadTables(SHIPPED);
const typeOf = (table: string, column: string) => shipped.get(table)?.columns.find(({ name }) => name === column)?.type;

describe('shipped table schemas', () => {
  it('holds the tables of Windows, Defender and Entra rules', () => {
    const expected = [
      'Event',
      'WindowsEvent',
      'SecurityEvent',
      'DeviceProcessEvents',
      'SigninLogs',
      'AuditLogs',
      'Syslog',
    ];
    for (const name of [...expected, 'OfficeActivity', 'CommonSecurityLog', 'AzureActivity'])
      expect(shipped.has(name)).toBe(true);
  });

  it.each([
    ['Event', 'EventID', 'int'],
    ['Event', 'EventData', 'string'],
    ['Event', 'RenderedDescription', 'string'],
    ['WindowsEvent', 'EventData', 'dynamic'],
    ['SecurityEvent', 'EventOriginId', 'string'],
    ['SecurityEvent', 'EventData', 'string'],
    ['SecurityEvent', 'LogonType', 'int'],
    ['DeviceProcessEvents', 'ProcessId', 'long'],
    ['DeviceProcessEvents', 'InitiatingProcessVersionInfoOriginalFileName', 'string'],
    ['DeviceFileEvents', 'AdditionalFields', 'dynamic'],
    ['SigninLogs', 'DeviceDetail', 'dynamic'],
    ['AADNonInteractiveUserSignInLogs', 'DeviceDetail', 'string'],
    ['CommonSecurityLog', 'FieldDeviceCustomNumber3', 'long'],
    ['CommonSecurityLog', 'SentBytes', 'long'],
    ['AADSignInEventsBeta', 'ErrorCode', 'int'],
    ['EntraIdSignInEvents', 'IsThroughGlobalSecureAccess', 'bool'],
    ['IdentityInfo', 'AccountUPN', 'string'],
    ['IdentityInfo', 'AccountUpn', 'string'],
    ['OAuthAppInfo', 'Permissions', 'dynamic'],
    ['ExposureGraphNodes', 'NodeProperties', 'dynamic'],
    ['DeviceTvmInfoGathering', 'AdditionalFields', 'dynamic'],
    ['CloudAuditEvents', 'RawEventData', 'dynamic'],
    ['DeviceNetworkInfo', 'IPAddresses', 'dynamic'],
    ['GCPAuditLogs', 'AuthenticationInfo', 'dynamic'],
    ['AZKVAuditLogs', 'Properties', 'dynamic'],
    ['McasShadowItReporting', 'AppId', 'string'],
    ['Usage', 'TotalBatches', 'long'],
    ['AKSAudit', 'User', 'dynamic'],
    ['ContainerLogV2', 'LogMessage', 'dynamic'],
  ])('%s.%s is %s', (table, column, type) => {
    expect(typeOf(table, column)).toBe(type);
  });

  it('gives every table TimeGenerated and the standard columns, each once', () => {
    for (const { name, columns } of shipped.values()) {
      const names = columns.map((column) => column.name);
      expect([name, new Set(names).size]).toEqual([name, names.length]);
      for (const standard of ['TimeGenerated', 'Type', 'TenantId', '_ResourceId', '_ItemId', 'SourceSystem']) {
        expect([name, names]).toEqual([name, expect.arrayContaining([standard])]);
      }
    }
  });

  const REFERENCE = join(__dirname, '../../../shared/tables/azure-monitor-reference.ndjson');
  (existsSync(REFERENCE) ? it : it.skip)(
    'has every table and column of the Azure Monitor reference, of its type',
    () => {
      const lines = readFileSync(REFERENCE, 'utf8').trim().split('\n');
      const wrong = lines.flatMap((line) => {
        const { name, columns } = JSON.parse(line) as { name: string; columns: Record<string, string> };
        const own = new Map(shipped.get(name)?.columns.map((column) => [column.name, column.type]));
        return Object.entries(columns)
          .filter(([column, type]) => own.get(column) !== type)
          .map(([column, type]) => `${name}.${column} ${type}: ${own.get(column)}`);
      });
      expect(wrong).toEqual([]);
      expect(lines.length).toBe(697);
    },
  );

  it('is open for AzureDiagnostics alone', () => {
    expect([...shipped.values()].filter((table) => table.open).map((table) => table.name)).toEqual([
      'AzureDiagnostics',
    ]);
  });
});

describe('schema files', () => {
  const problemsOf = (text: string, name = 'Mine_CL') => {
    const result = parseTable(text, name);
    return 'problems' in result ? result.problems.join('; ') : 'none';
  };

  it('adds the standard columns to a table that does not name them', () => {
    const result = parseTable('{"name":"Mine_CL","columns":{"TimeGenerated":"datetime","A":"long"}}', 'Mine_CL');
    if (!('table' in result)) throw new Error(result.problems.join());
    expect(result.table.open).toBe(false);
    expect(result.table.columns.slice(0, 2)).toEqual([
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'A', type: 'long' },
    ]);
    expect(result.table.columns.map(({ name }) => name)).toContain('_ResourceId');
  });

  it.each([
    ['{"name":', /not JSON/],
    ['{"name":"Mine_CL","columns":{"TimeGenerated":"datetime","A":"text"}}', /columns\.A/],
    ['{"name":"Mine_CL","columns":{"A":"long"}}', /TimeGenerated/],
    ['{"name":"Mine_CL","columns":{"TimeGenerated":"string"}}', /TimeGenerated/],
    ['{"name":"Other","columns":{"TimeGenerated":"datetime"}}', /Other\.json/],
    ['{"name":"Mine_CL","colums":{}}', /colums/],
    ['{"name":"../x","columns":{"TimeGenerated":"datetime"}}', /name/],
  ])('refuses %s', (text, problem) => {
    expect(problemsOf(text)).toMatch(problem);
  });

  it("lets a user's directory add and replace tables, and names every bad file at once", () => {
    const own = mkdtempSync(join(tmpdir(), 'tables-'));
    try {
      writeFileSync(join(own, 'Mine_CL.json'), '{"name":"Mine_CL","columns":{"TimeGenerated":"datetime"}}');
      writeFileSync(join(own, 'Perf.json'), '{"name":"Perf","open":true,"columns":{"TimeGenerated":"datetime"}}');
      const tables = loadTables(SHIPPED, own);
      expect(tables.has('Mine_CL')).toBe(true);
      expect(tables.get('Perf')?.open).toBe(true);
      const line = (name: string) => `{"name":"${name}","columns":{"TimeGenerated":"datetime"}}\n`;
      writeFileSync(join(own, 'more.ndjson'), line('More_CL') + line('Perf'));
      expect([...loadTables(own)].map(([name, { open }]) => [name, open])).toEqual(
        expect.arrayContaining([
          ['More_CL', false],
          ['Perf', true],
        ]),
      );
      writeFileSync(join(own, 'more.ndjson'), `${line('More_CL')}{"name":"X_CL"}\n`);
      expect(() => loadTables(own)).toThrow(/more\.ndjson:2: columns/);
      rmSync(join(own, 'more.ndjson'));
      writeFileSync(join(own, 'A.json'), '[]');
      writeFileSync(join(own, 'B.json'), '{');
      expect(() => loadTables(own)).toThrow(TableFileError);
      expect(() => loadTables(own)).toThrow(/A\.json[\s\S]*B\.json/);
    } finally {
      rmSync(own, { recursive: true });
    }
  });
});
