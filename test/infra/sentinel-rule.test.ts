import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertJson } from '../../src/alerts/sinks/sink';
import { ALERT_COLUMNS, toLogRow } from '../../src/alerts/sinks/support/log-columns';
import { createRuntime, jsonRows, preparePipeline, type ScalarType, ticksFromMs, visible } from '../../src/kql';
import { rowReader } from '../../src/streaming/source-row';
import { testCompiler } from '../support/kql';

const NOW = '2026-03-04T12:00:00Z';
const MINUTE = 60_000;
const query = readFileSync(join(__dirname, '../../infra/sentinel-rule.kql'), 'utf8');

interface Sent {
  /** When the workspace took it in: minutes before the run. */
  readonly ago: number;
  readonly alert: AlertJson & Record<string, unknown>;
}

function alert(id: string, fields: Record<string, unknown> = {}): Sent['alert'] {
  return {
    SystemAlertId: id,
    Revision: 1,
    AlertName: `Name of ${id}`,
    AlertSeverity: 'Medium',
    AlertType: 'rule-1',
    Description: 'What happened.',
    Status: 'New',
    StartTime: '2026-03-04T10:00:00.0000000Z',
    EndTime: '2026-03-04T10:30:00.0000000Z',
    WindowStart: '2026-03-04T10:00:00.0000000Z',
    WindowEnd: '2026-03-04T11:00:00.0000000Z',
    Incomplete: false,
    Tactics: 'LateralMovement',
    Techniques: 'T1021.003',
    CompromisedEntity: 'wks1',
    Entities: [],
    CustomDetails: {},
    ...fields,
  };
}

const TYPES: Record<string, ScalarType> = { boolean: 'bool' };
const compiler = testCompiler([
  {
    name: 'OutriderAlerts_CL',
    open: false,
    columns: ALERT_COLUMNS.map(({ name, type }) => ({ name, type: TYPES[type] ?? (type as ScalarType) })),
  },
]);

const { plan, diagnostics } = compiler.compile(query);
if (!plan) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
const pipeline = preparePipeline(plan);

/** Runs the rule at {@link NOW} over rows as the sink sends them. */
function run(...sent: readonly Sent[]): Record<string, unknown>[] {
  const now = Date.parse(NOW);
  const runtime = createRuntime({
    now: ticksFromMs(now),
    scan: (source) => {
      const read = rowReader(source.columns);
      return sent.map(({ ago, alert: each }) => {
        const takenIn = now - ago * MINUTE;
        return read(toLogRow(each, takenIn - MINUTE).row, ticksFromMs(takenIn));
      });
    },
  });
  const { schema, rows } = visible(pipeline.run(runtime));
  return jsonRows(schema, rows).map((row) => Object.fromEntries(schema.map(({ name }, i) => [name, row[i]])));
}

describe('the rule that raises incidents', () => {
  it('gives a row for each new alert, with the values that Sentinel takes its own from', () => {
    const rows = run({ ago: 2, alert: alert('a', { AlertSeverity: 'High' }) }, { ago: 1, alert: alert('b') });
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      AlertId: 'a',
      Title: 'Name of a',
      Severity: 'High',
      Tactics: 'LateralMovement',
      Techniques: 'T1021.003',
      Revision: 1,
      RuleId: 'rule-1',
      CompromisedEntity: 'wks1',
    });
    expect(rows[0]!.Summary).toMatch(
      /^Window 2026-03-04 10:00:00 to 2026-03-04 11:00:00 UTC\. .*"a".*What happened\.$/,
    );
  });

  it('takes what the workspace took in since the last run, and nothing twice', () => {
    expect(run({ ago: 6, alert: alert('a') })).toEqual([]);
    const again = run({ ago: 6, alert: alert('a') }, { ago: 1, alert: alert('a') });
    expect(again).toEqual([]);
    expect(run({ ago: 2, alert: alert('a') }, { ago: 1, alert: alert('a') })).toHaveLength(1);
  });

  it('takes a newer revision as a correction under the same alert id', () => {
    const rows = run(
      { ago: 30, alert: alert('a') },
      { ago: 1, alert: alert('a', { Revision: 2, AlertSeverity: 'High', Incomplete: true }) },
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ AlertId: 'a', Title: 'Corrected: Name of a', Severity: 'High', Revision: 2 });
    expect(rows[0]!.Summary).toContain('changed this alert');
    expect(rows[0]!.Summary).toContain('could not see all events');
    // An older revision that comes after a newer one says nothing new.
    expect(run({ ago: 30, alert: alert('a', { Revision: 2 }) }, { ago: 1, alert: alert('a') })).toEqual([]);
  });

  it('tells of an alert taken back where it was told before, and only there', () => {
    const gone = alert('a', { Revision: 2, Status: 'Withdrawn', AlertSeverity: 'High' });
    const rows = run({ ago: 30, alert: alert('a') }, { ago: 1, alert: gone });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ Title: 'Withdrawn: Name of a', Severity: 'Informational', AlertId: 'a' });
    expect(run({ ago: 2, alert: alert('a') }, { ago: 1, alert: gone })).toEqual([]);
  });

  it('knows by its revision an alert that was told longer ago than the rule looks back', () => {
    const corrected = run({ ago: 1, alert: alert('a', { Revision: 2 }) });
    expect(corrected[0]).toMatchObject({ Title: 'Corrected: Name of a', AlertId: 'a' });
    const withdrawn = run({ ago: 1, alert: alert('a', { Revision: 3, Status: 'Withdrawn' }) });
    expect(withdrawn[0]).toMatchObject({ Title: 'Withdrawn: Name of a', AlertId: 'a' });
  });

  it('takes entities out of the alert', () => {
    const Entities = [
      { $id: '1', HostName: 'wks1', DnsDomain: 'corp.example', Type: 'host' },
      { $id: '2', Name: 'alice', NTDomain: 'CORP', Sid: 'S-1-5-21-1', Type: 'account' },
      { $id: '3', Name: 'bob', Type: 'account' },
      { $id: '4', CommandLine: 'mmc.exe -Embedding', ProcessId: '42', Host: { $ref: '1' }, Type: 'process' },
      { $id: '5', Address: '192.0.2.1', Type: 'ip' },
      { $id: '6', Name: 'mmc.exe', Directory: 'C:\\Windows\\System32', Type: 'file' },
      { $id: '7', Algorithm: 'SHA256', Value: 'ab', Type: 'filehash' },
      { $id: '8', Url: 'https://example.com', Type: 'url' },
    ];
    expect(run({ ago: 1, alert: alert('a', { Entities }) })[0]).toMatchObject({
      Host1Name: 'wks1',
      Host1DnsDomain: 'corp.example',
      Host2Name: '',
      Account1Name: 'alice',
      Account1NTDomain: 'CORP',
      Account1Sid: 'S-1-5-21-1',
      Account2Name: 'bob',
      ProcessCommandLine: 'mmc.exe -Embedding',
      ProcessId: '42',
      Address1: '192.0.2.1',
      FileName: 'mmc.exe',
      FileDirectory: 'C:\\Windows\\System32',
      HashAlgorithm: 'SHA256',
      HashValue: 'ab',
      Url: 'https://example.com',
    });
  });

  it("stays within Sentinel's 150 alerts a run: the least severe ones above 149 become one that counts them", () => {
    const many = Array.from({ length: 200 }, (_, i) => ({ ago: 1, alert: alert(`m${String(i).padStart(3, '0')}`) }));
    const low = { ago: 1, alert: alert('low', { AlertSeverity: 'Low', AlertName: 'Least', Tactics: 'Discovery' }) };
    const high = { ago: 1, alert: alert('zzz', { AlertSeverity: 'High' }) };
    const rows = run(low, ...many, high);
    expect(rows).toHaveLength(150);
    expect(rows.map((row) => row.AlertId)).toContain('zzz');
    expect(rows.map((row) => row.AlertId)).not.toContain('low');
    const rest = rows.find((row) => String(row.AlertId).startsWith('overflow-'))!;
    expect(rest).toMatchObject({
      AlertId: 'overflow-2026030412',
      Title: 'Outrider: 53 more alerts in one run',
      Severity: 'Medium',
    });
    expect(String(rest.Tactics).split(',').sort()).toEqual(['Discovery', 'LateralMovement']);
    expect(JSON.parse(String(rest.RuleDetails))).toHaveLength(20);
    expect(rest.RuleId).toBe('rule-1');
  });

  it('gives all 149 on their own', () => {
    const rows = run(...Array.from({ length: 149 }, (_, i) => ({ ago: 1, alert: alert(`m${i}`) })));
    expect(rows).toHaveLength(149);
    expect(rows.every((row) => String(row.AlertId).startsWith('m'))).toBe(true);
  });

  it('is short enough for a rule', () => {
    expect(query.length).toBeLessThan(10_000);
  });
});
