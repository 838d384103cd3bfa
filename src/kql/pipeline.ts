import { KqlError } from './errors';
import { isHidden, type Op, type Pipeline, type Source } from './ir';
import { prepareRange } from './operators/range';
import { factsOf } from './operators/registry';
import { prepareCount } from './operators/take';
import { prepareUnion } from './operators/union';
import type { Binder, PreparedOperator, PreparedOps, PreparedPipeline } from './prepared';
import type { Runtime } from './runtime';
import { decodeValue } from './values/codec';
import type { Row, Schema, Table } from './values/types';

interface PreparedSource {
  readonly schema: Schema | undefined;
  run(runtime: Runtime, input?: readonly Row[]): { schema: Schema; rows: readonly Row[] };
}

/** Binds a plan. `input`: the schema of an `input` source. Throws KqlError: what is unknown or unsupported in it. */
export function bindPipeline(plan: Pipeline, input: Schema | undefined, bind: Binder): PreparedPipeline {
  const few = plan.source.kind === 'range' ? bindTakenRange(plan.source, plan.ops, bind) : undefined;
  if (few) return few;
  const source = bindSource(plan.source, input, bind);
  if (!source.schema) {
    return {
      schema: undefined,
      run(runtime, rows) {
        const table = source.run(runtime, rows);
        return bind.ops(plan.ops, table.schema).run(table.rows, runtime);
      },
    };
  }
  const chain = bind.ops(plan.ops, source.schema);
  return { schema: chain.schema, run: (runtime, rows) => chain.run(source.run(runtime, rows).rows, runtime) };
}

/** Values of a range that are made before it is looked whether they do. */
const CHUNK = 1_000;

/** `range … | … | take 5`, where what stands between looks at single rows: no more of the range is made than is taken. */
function bindTakenRange(
  source: Extract<Source, { kind: 'range' }>,
  ops: readonly Op[],
  bind: Binder,
): PreparedPipeline | undefined {
  const at = ops.findIndex((op) => !factsOf(op).onArrival?.(op));
  const take = ops[at];
  if (take?.op !== 'take') return undefined;
  const range = prepareRange(source, bind);
  const before = bind.ops(ops.slice(0, at), range.schema);
  if (!before.schema) return undefined;
  const rest = bind.ops(ops.slice(at), before.schema);
  const count = prepareCount(take.count, bind);
  return {
    schema: rest.schema,
    run(runtime) {
      const wanted = count(runtime);
      const rows: Row[] = [];
      let chunk: Row[] = [];
      const pass = (): void => {
        for (const row of before.run(chunk, runtime).rows) rows.push(row);
        chunk = [];
      };
      for (const row of wanted > 0 ? range.rows(runtime) : []) {
        if (chunk.push(row) < CHUNK) continue;
        pass();
        if (rows.length >= wanted) break;
      }
      pass();
      return rest.run(rows, runtime);
    },
  };
}

/** The table without hidden columns: what a user sees. */
export function visible(table: Table): Table {
  const shown = table.schema.map((column, index) => ({ column, index })).filter(({ column }) => !isHidden(column.name));
  if (shown.length === table.schema.length) return table;
  return {
    schema: shown.map(({ column }) => column),
    rows: table.rows.map((row) => shown.map(({ index }) => row[index]!)),
  };
}

function bindSource(source: Source, input: Schema | undefined, bind: Binder): PreparedSource {
  switch (source.kind) {
    case 'table':
    case 'state':
      return { schema: source.columns, run: (runtime) => ({ schema: source.columns, rows: runtime.scan(source) }) };
    case 'rows': {
      const rows = source.rows.map((row) =>
        source.columns.map((column, i) => decodeValue(row[i] ?? null, column.type)),
      );
      return { schema: source.columns, run: () => ({ schema: source.columns, rows }) };
    }
    case 'unit':
      return { schema: [], run: () => ({ schema: [], rows: [[]] }) };
    case 'range':
      return prepareRange(source, bind);
    case 'union':
      return prepareUnion(source.union, undefined, bind);
    case 'input': {
      if (!input) throw new Error('a pipeline over its input was prepared without one');
      return { schema: input, run: (_, rows) => ({ schema: input, rows: rows ?? [] }) };
    }
  }
}

/** Binds a chain of operators; what follows a data-bound one is bound when it has run. */
export function bindOps(ops: readonly Op[], schema: Schema, bind: Binder): PreparedOps {
  const steps: PreparedOperator[] = [];
  let current = schema;
  for (let i = 0; i < ops.length; i++) {
    const step = bind.operator(ops[i]!, current);
    if (step.kind === 'dataBound') {
      const rest = ops.slice(i + 1);
      return {
        schema: undefined,
        run(rows, runtime) {
          const table = step.run(runSteps(steps, rows, runtime), runtime);
          return rest.length === 0 ? table : bind.ops(rest, table.schema).run(table.rows, runtime);
        },
      };
    }
    steps.push(step);
    current = step.schema;
  }
  const output = current;
  return {
    schema: output,
    run: (rows, runtime) => ({ schema: output, rows: runSteps(steps, rows, runtime) as Row[] }),
  };
}

function runSteps(steps: readonly PreparedOperator[], rows: readonly Row[], runtime: Runtime): readonly Row[] {
  let current = rows;
  for (const step of steps) {
    if (step.kind === 'row') {
      const next: Row[] = [];
      for (const row of current) {
        const result = step.map(row, runtime);
        if (result !== null) next.push(result);
      }
      current = next;
    } else if (step.kind === 'expand') {
      const next: Row[] = [];
      for (const row of current) {
        for (const result of step.expand(row, runtime)) next.push(result);
        checkRows(next.length, runtime);
      }
      current = next;
    } else if (step.kind === 'table') {
      current = step.run(current, runtime);
    }
    checkRows(current.length, runtime);
  }
  return current;
}

/** Checked while a step expands rows too: a few events may hold long arrays. */
function checkRows(count: number, runtime: Runtime): void {
  if (count > runtime.maxRows) {
    throw new KqlError('run', `more than ${runtime.maxRows} rows in one step: narrow the query earlier`);
  }
}
