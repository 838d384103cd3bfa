import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCompiler } from '../../src/compiler/compile';
import {
  type Column,
  createRuntime,
  type Dynamic,
  decodeValue,
  type Expr,
  encodeValue,
  formatDatetime,
  formatTimespan,
  jsonRows,
  mapOp,
  mapQueries,
  type Pipeline,
  preparePipeline,
  type Source,
  stringifyJson,
  ticksFromMs,
  type Value,
  visible,
} from '../../src/kql';
import { rowReader } from '../../src/streaming/source-row';
import { HOUR, MINUTE, type StreamEvent, schedule, streamed } from '../support/stream';

const FILE = join(__dirname, '../../../shared/kql-cases/cases.ndjson');
const END = Date.UTC(2026, 0, 2, 4);
const HIDDEN_TIME = 'TimeGenerated of the case';

interface Case {
  readonly id: string;
  readonly query: string;
}

/** A cell as an event carries it. */
function field(value: Value, { type }: Column): unknown {
  if (value === null) return null;
  switch (type) {
    case 'dynamic':
      return stringifyJson(value as Dynamic);
    case 'datetime':
      return formatDatetime(value as bigint);
    case 'timespan':
      return formatTimespan(value as bigint);
    case 'bool':
    case 'string':
    case 'guid':
      return value;
    default:
      return String(value);
  }
}

/** Turns the datatables of a plan into tables of the stream, whose events stand in the order of the rows. */
class Tables {
  readonly events: StreamEvent[] = [];
  /** A table's rows hold what no JSON event can. */
  faithful = true;
  private readonly known = new Map<string, Pipeline>();

  plan(plan: Pipeline): Pipeline {
    const { source, ops } = this.source(plan.source);
    return { source, ops: [...ops, ...plan.ops.map((op) => mapOp(op, this.expr, (inner) => this.plan(inner)))] };
  }

  private readonly expr = (expr: Expr): Expr => mapQueries(expr, (inner) => this.plan(inner));

  private source(source: Source): Pipeline {
    if (source.kind === 'union')
      return {
        source: { kind: 'union', union: { ...source.union, legs: source.union.legs.map((leg) => this.plan(leg)) } },
        ops: [],
      };
    if (source.kind !== 'rows') return { source, ops: [] };
    const text = JSON.stringify(source);
    const known = this.known.get(text) ?? this.table(source);
    this.known.set(text, known);
    return known;
  }

  private table({ columns, rows }: Extract<Source, { kind: 'rows' }>): Pipeline {
    const name = `Case${this.known.size}`;
    const own = columns.map((column) => ({
      ...column,
      name: column.name === 'TimeGenerated' ? HIDDEN_TIME : column.name,
    }));
    const all: Column[] = [{ name: 'TimeGenerated', type: 'datetime' }, ...own];
    const read = rowReader(all);
    const step = Math.floor((HOUR - MINUTE) / Math.max(1, rows.length));
    rows.forEach((row, i) => {
      const time = formatDatetime(ticksFromMs(END - HOUR + i * step));
      const fields: Record<string, unknown> = { TimeGenerated: time };
      own.forEach((column, c) => {
        const value = field(decodeValue(row[c] ?? null, column.type), column);
        Object.defineProperty(fields, column.name, { value, enumerable: true });
      });
      const back = read(fields, 0n).slice(1);
      if (!own.every(({ type }, c) => JSON.stringify(encodeValue(back[c]!, type)) === JSON.stringify(row[c] ?? null)))
        this.faithful = false;
      this.events.push({ table: name, fields });
    });
    return {
      source: { kind: 'table', name, columns: all },
      ops: [
        { op: 'project-away', patterns: ['TimeGenerated'] },
        { op: 'project-rename', renames: [{ from: HIDDEN_TIME, to: 'TimeGenerated' }] },
      ].filter(
        (op) => op.op !== 'project-rename' || own.some((column) => column.name === HIDDEN_TIME),
      ) as Pipeline['ops'],
    };
  }
}

/** Cases of the KQL reference are no part of this repository: the test runs only where they lie beside it. */
(existsSync(FILE) ? describe : describe.skip)('cases that read a table, streamed', () => {
  it('give what they give in one batch', async () => {
    const compiler = createCompiler([]);
    const cases = readFileSync(FILE, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
      .filter(({ query }) => /datatable/i.test(query));
    const counts = { streamed: 0, groups: 0, rows: 0, refused: 0, unfaithful: 0, failing: 0 };
    const differences: string[] = [];
    for (const [i, { id, query }] of cases.entries()) {
      const { plan } = compiler.compile(query);
      if (!plan) {
        counts.refused++;
        continue;
      }
      const tables = new Tables();
      const overTables = tables.plan(plan);
      if (!tables.faithful) {
        counts.unfaithful++;
        continue;
      }
      let expected: { columns: unknown; rows: unknown };
      try {
        const { schema, rows } = visible(preparePipeline(plan).run(createRuntime({ now: ticksFromMs(END) })));
        expected = { columns: schema.map(({ name, type }) => ({ name, type })), rows: jsonRows(schema, rows) };
      } catch {
        counts.failing++;
        continue;
      }
      const { answer, split } = await streamed({
        plan: overTables,
        schedule: schedule(5 * MINUTE, HOUR),
        events: tables.events,
        delivery: i + 1,
      });
      counts.streamed++;
      if (split.legs.some((leg) => leg.group)) counts.groups++;
      if (split.legs.some((leg) => !leg.group)) counts.rows++;
      const got = await answer(END);
      if (JSON.stringify(got) !== JSON.stringify(expected))
        differences.push(`${id}\n${query}\nbatch  ${JSON.stringify(expected)}\nstream ${JSON.stringify(got)}`);
    }
    process.stderr.write(`cases: ${JSON.stringify(counts)}\n`);
    expect(differences.join('\n\n')).toBe('');
    expect(counts.streamed).toBeGreaterThan(cases.length * 0.8);
  }, 600_000);
});
