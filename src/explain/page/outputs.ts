import { type Expr, isHidden, type NamedExpr, type Op } from '../../kql/ir';
import { prepareOperator } from '../../kql/operators/registry';
import { preparePipeline } from '../../kql/pipeline';
import type { Column, Schema } from '../../kql/values/types';
import type { StageNode } from './stages';

/** A column of the result. */
export interface OutputField {
  readonly name: string;
  readonly type: string;
  /** Number of the stage that puts it into the result. */
  readonly stage: string;
  /** Numbers of the stages that made its value: the same, or earlier ones where `stage` only carries it on; several after a union. */
  readonly madeBy: readonly string[];
  readonly role: 'column' | 'key' | 'aggregate';
}

type Trace = Omit<OutputField, 'name' | 'type'>;

/**
 * Follows every column through the main pipeline and the legs of unions.
 * @param known result columns as the build knows them, for what only data decides
 */
export function outputsOf(stages: readonly StageNode[], known: readonly Column[]): OutputField[] {
  const { traces, schema, lateSince: last = '1' } = traced(stages);
  return (schema ?? known)
    .filter(({ name }) => !isHidden(name))
    .map(({ name, type }) => ({
      name,
      type,
      ...(traces.get(name) ?? { stage: last, madeBy: [last], role: 'column' }),
    }));
}

interface Traced {
  readonly traces: Map<string, Trace>;
  /** undefined where data decides the columns. */
  readonly schema: Schema | undefined;
  /** Number of the last stage at which data decided them. */
  readonly lateSince?: string;
}

function traced(stages: readonly StageNode[]): Traced {
  let lateSince: string | undefined;
  let traces = new Map<string, Trace>();
  let schema: Schema | undefined = [];
  for (const stage of stages) {
    const { number, source } = stage;
    const made: Trace = { stage: number, madeBy: [number], role: 'column' };
    if (source) {
      schema = preparePipeline({ source, ops: [] }).schema;
      traces = new Map((schema ?? []).map(({ name }) => [name, made]));
      if (source.kind === 'union') traces = new Map([...traces, ...ofLegs(stage, traces)]);
    }
    for (const op of stage.ops) {
      traces = follow(traces, op, number);
      const step: ReturnType<typeof prepareOperator> | undefined = schema && prepareOperator(op, schema);
      schema = step && step.kind !== 'late' ? step.schema : undefined;
      if (step?.kind === 'late' || op.op === 'pivot' || op.op === 'bag_unpack' || op.op === 'join') lateSince = number;
      if (!schema) continue;
      const names = new Set(schema.map(({ name }) => name));
      for (const name of [...traces.keys()]) if (!names.has(name)) traces.delete(name);
      for (const { name } of schema) if (!traces.has(name)) traces.set(name, made);
    }
  }
  return { traces, schema, lateSince };
}

/** Columns of a union with the stages of its legs that made them. */
function ofLegs({ number, inner }: StageNode, columns: ReadonlyMap<string, Trace>): Map<string, Trace> {
  const result = new Map<string, Trace>();
  for (const { stages } of inner) {
    for (const [name, { madeBy }] of traced(stages).traces) {
      if (!columns.has(name)) continue;
      const others = result.get(name)?.madeBy ?? [];
      result.set(name, { stage: number, madeBy: [...new Set([...others, ...madeBy])], role: 'column' });
    }
  }
  return result;
}

function follow(before: ReadonlyMap<string, Trace>, op: Op, number: string): Map<string, Trace> {
  const made: Trace = { stage: number, madeBy: [number], role: 'column' };
  const carried = (expr: Expr, role: Trace['role']): Trace =>
    expr.k === 'col' ? { ...made, madeBy: before.get(expr.name)?.madeBy ?? [number], role } : { ...made, role };
  const named = (columns: readonly NamedExpr[], role: Trace['role']): [string, Trace][] =>
    columns.map(({ name, expr }) => [name, carried(expr, role)]);
  switch (op.op) {
    case 'extend':
      return new Map([...before, ...named(op.columns, 'column')]);
    case 'project':
      // A column that only stays is not made here.
      return new Map(
        op.columns.map(({ name, expr }) => {
          const same = expr.k === 'col' && expr.name === name ? before.get(name) : undefined;
          return [name, same ?? carried(expr, 'column')];
        }),
      );
    case 'project-rename':
      return new Map(
        [...before].map(([name, trace]): [string, Trace] => {
          const to = op.renames.find(({ from }) => from === name)?.to;
          return to === undefined ? [name, trace] : [to, { ...trace, stage: number }];
        }),
      );
    case 'parse':
      return new Map([
        ...before,
        ...op.parts.flatMap((part): [string, Trace][] => (part.kind === 'column' ? [[part.name, made]] : [])),
      ]);
    case 'parse-kv':
      return new Map([...before, ...op.columns.map(({ name }): [string, Trace] => [name, made])]);
    case 'mv-expand':
    case 'mv-apply':
      return new Map([...before, ...named(op.columns, 'column')]);
    case 'distinct':
      return op.columns ? new Map(named(op.columns, 'key')) : new Map(before);
    case 'summarize':
    case 'make-series': {
      // arg_max(x, *) carries all columns on.
      const all = op.aggregates.some(({ star }) => star)
        ? [...before].map(([name, { madeBy }]): [string, Trace] => [name, { ...made, madeBy }])
        : [];
      const aggregates = op.aggregates.flatMap(({ names }) =>
        names.map((name): [string, Trace] => [name, { ...made, role: 'aggregate' }]),
      );
      return new Map([...all, ...named(op.by, 'key'), ...aggregates]);
    }
    case 'count':
      return new Map([[op.name, { ...made, role: 'aggregate' }]]);
    default:
      return new Map(before);
  }
}
