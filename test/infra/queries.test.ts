import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERT_COLUMNS } from '../../src/alerts/sinks/log-columns';
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
    expect(run('plans-refused', line('plans refused'), line('lists refused'), line('list refused'))).toBe(3);
    expect(run('plans-refused', line('plans taken'))).toBe(0);
  });

  it('flush-stopped and evaluate-failing are queries', () => {
    for (const name of ['flush-stopped', 'evaluate-failing']) {
      expect(compiler.compile(queryOf(name)).diagnostics).toEqual([]);
    }
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
