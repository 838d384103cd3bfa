import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERT_COLUMNS } from '../../src/alerts/sinks/support/log-columns';
import type { ScalarType } from '../../src/kql';
import { rowReader } from '../../src/streaming/source-row';
import { runQuery, testCompiler } from '../support/kql';

const infra = join(__dirname, '../../infra');
const table = (name: string, columns: Record<string, ScalarType>) => ({
  name,
  open: false,
  columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
});

/** https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete, as Application Insights shows them */
const compiler = testCompiler([
  table('traces', { timestamp: 'datetime', message: 'string', operation_Name: 'string', itemCount: 'int' }),
  table('requests', { timestamp: 'datetime', name: 'string', success: 'bool', duration: 'real', itemCount: 'int' }),
  table(
    'OutriderAlerts_CL',
    Object.fromEntries(ALERT_COLUMNS.map(({ name, type }) => [name, type === 'boolean' ? 'bool' : type])),
  ),
]);

interface Line {
  readonly at?: string;
  readonly function: 'flush' | 'evaluate';
  readonly message: Record<string, unknown>;
}

const source = readFileSync(join(infra, 'modules/operations-alerts.bicep'), 'utf8');
/** The query of an alert, as it is deployed with a threshold of dead letters of 0. */
function queryOf(name: string): string {
  const rule = source.slice(source.search(new RegExp(`^  '?${name}'?: \\{`, 'm')));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Bicep's own
  return /query: '(.*)'/.exec(rule)![1]!.replace('${deadLetterThreshold}', '0');
}

function run(name: string, ...lines: readonly Line[]): number {
  const { rows } = runQuery(compiler, queryOf(name), {
    scan: (from) =>
      lines.map(({ at = '2026-01-01T00:00:00Z', function: of, message }) =>
        rowReader(from.columns)(
          { timestamp: at, message: JSON.stringify(message), operation_Name: of, itemCount: 1 },
          0n,
        ),
      ),
  });
  return rows.length;
}

const flushed = (fields: Record<string, unknown> = {}, at?: string): Line => ({
  at,
  function: 'flush',
  message: { message: 'flushed', waiting: 0, failed: 0, sent: 0, undelivered: 0, more: false, ...fields },
});

describe('alerts on Outrider itself', () => {
  it('flush-behind: only when every flush left something', () => {
    expect(run('flush-behind')).toBe(0);
    expect(run('flush-behind', flushed({ waiting: 1 }), flushed({ more: true }))).toBe(1);
    expect(run('flush-behind', flushed({ waiting: 1 }), flushed())).toBe(0);
  });

  it('windows-failed: on any', () => {
    expect(run('windows-failed', flushed())).toBe(0);
    expect(run('windows-failed', flushed(), flushed({ failed: 2 }))).toBe(1);
  });

  it('undelivered: by the last flush that sent anything', () => {
    const failed = flushed({ sent: 1, undelivered: 3 }, '2026-01-01T00:00:00Z');
    expect(run('undelivered', failed, flushed({}, '2026-01-01T00:01:00Z'))).toBe(1);
    expect(run('undelivered', failed, flushed({ sent: 3 }, '2026-01-01T00:02:00Z'))).toBe(0);
    expect(run('undelivered', flushed())).toBe(0);
  });

  it('dead-letters: summed over batches', () => {
    const evaluated = (deadLetters: number): Line => ({
      function: 'evaluate',
      message: { message: 'evaluated', deadLetters },
    });
    expect(run('dead-letters', evaluated(0))).toBe(0);
    expect(run('dead-letters', evaluated(0), evaluated(1))).toBe(1);
    expect(run('dead-letters', { function: 'evaluate', message: { message: 'other', deadLetters: 5 } })).toBe(0);
  });

  it('messages-lost: by the line of the gap or of the batch', () => {
    const line = (message: string, lost: number): Line => ({ function: 'evaluate', message: { message, lost } });
    expect(run('messages-lost', line('evaluated', 0))).toBe(0);
    expect(run('messages-lost', line('evaluated', 0), line('evaluated', 2))).toBe(1);
    expect(run('messages-lost', { function: 'evaluate', message: { message: 'messages lost', count: 2 } })).toBe(1);
  });

  it('list-old and plans-refused: by what the app logs', () => {
    const line = (message: string): Line => ({ function: 'flush', message: { message } });
    expect(run('list-old', line('list is old'), line('list not refreshed'))).toBe(1);
    const open = line('a plan with open windows cannot be run by this version');
    expect(run('plans-refused', line('plans refused'), line('lists refused'), line('list refused'), open)).toBe(4);
    expect(run('plans-refused', line('plans taken'))).toBe(0);
  });

  it('partition-stalled: what the flush says of a partition', () => {
    const line = (message: string): Line => ({ function: 'flush', message: { message, partition: '0', attempts: 2 } });
    expect(run('partition-stalled', line('partition stands still'), line('batch begun again'))).toBe(1);
    expect(run('partition-stalled', line('flushed'))).toBe(0);
  });

  it('flush-stopped and evaluate-failing are queries', () => {
    for (const name of ['flush-stopped', 'evaluate-failing']) {
      expect(compiler.compile(queryOf(name)).diagnostics).toEqual([]);
    }
  });
});

describe('the objectives of docs/monitoring.md', () => {
  const text = readFileSync(join(__dirname, '../../docs/monitoring.md'), 'utf8');
  const section = text.slice(text.indexOf('\n## Objectives\n')).split(/\n## (?!Objectives)/)[0]!;
  const [ofAlerts, ofMessages, ofFlushes] = [...section.matchAll(/```kusto\n(.*?)```/gs)].map(([, query]) => query!);
  const now = '2026-01-31T00:00:00Z';
  const ask = (query: string, rows: readonly Record<string, unknown>[]): Record<string, unknown> => {
    const { columns, rows: found } = runQuery(compiler, query, {
      now,
      scan: (from) => rows.map((row) => rowReader(from.columns)(row, 0n)),
    });
    expect(found).toHaveLength(1);
    return Object.fromEntries(columns.map(({ name }, i) => [name, found[0]![i]]));
  };

  it('latency and completeness: by the first row of each alert', () => {
    const alert = (SystemAlertId: string, sentAfter: number, changes: Record<string, unknown> = {}) => ({
      SystemAlertId,
      Revision: 1,
      WindowEnd: '2026-01-30T10:00:00Z',
      TimeGenerated: new Date(Date.UTC(2026, 0, 30, 10, sentAfter)).toISOString(),
      Incomplete: false,
      ...changes,
    });
    const rows = [
      alert('a', 6),
      // A correction of much later says nothing of the alert.
      alert('a', 300, { Revision: 2 }),
      alert('b', 7),
      // Early.
      alert('c', -20),
      alert('d', 45, { Incomplete: true }),
      // Before the time that is looked at.
      alert('e', 400, { TimeGenerated: '2025-12-01T00:00:00Z', Incomplete: true }),
    ];
    expect(ask(ofAlerts!, rows)).toMatchObject({ Alerts: 4, InTime: 75, Whole: 75 });
    expect(ask(ofAlerts!, rows).Minutes99).toBe(45);
  });

  it('loss: messages, windows and deliveries', () => {
    const line = (message: Record<string, unknown>) => ({
      timestamp: '2026-01-30T00:00:00Z',
      message: JSON.stringify(message),
      operation_Name: 'any',
      itemCount: 1,
    });
    const rows = [
      line({ message: 'evaluated', messages: 9_000, lost: 0, deadLetters: 9 }),
      line({ message: 'evaluated', messages: 900, lost: 100, deadLetters: 0 }),
      line({ message: 'flushed', windows: 199, failed: 1 }),
      line({ message: 'other', messages: 5, lost: 5 }),
      { ...line({}), message: 'not JSON' },
    ];
    expect(ask(ofMessages!, rows)).toMatchObject({
      Messages: 9_900,
      Evaluated: 99,
      Windows: 199,
      Run: 99.5,
      DeadLetters: 9,
    });
  });

  it('flushes: five minutes without one that ended well count', () => {
    const bins = (30 * 24 * 60) / 5;
    const start = Date.UTC(2026, 0, 1);
    const flushes = Array.from({ length: bins * 0.95 }, (_, i) => ({
      timestamp: new Date(start + i * 300_000 + 1_000).toISOString(),
      name: 'flush',
      success: true,
      duration: 1,
      itemCount: 1,
    }));
    const failed = { ...flushes[0]!, timestamp: '2026-01-30T23:59:00Z', success: false };
    expect(ask(ofFlushes!, [...flushes, ...flushes.slice(0, 50), failed]).Flushing).toBe(95);
  });
});

describe('the workbook', () => {
  const { items } = JSON.parse(readFileSync(join(infra, 'workbook.json'), 'utf8')) as {
    items: { name: string; type: number; content: { query?: string } }[];
  };

  it.each(items.flatMap(({ name, content }) => (content.query ? [[name, content.query]] : [])))(
    'has a query that Kusto takes: %s',
    (_, query) => {
      expect(compiler.compile(query).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    },
  );
});
