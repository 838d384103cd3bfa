import {
  type Column,
  factsOf,
  isHidden,
  type Op,
  type Origin,
  type Origins,
  prepareOperator,
  preparePipeline,
  type Schema,
} from '../../kql';
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
  const { traces, schema, unknownSince: last = '1' } = traced(stages);
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
  readonly unknownSince?: string;
}

function traced(stages: readonly StageNode[]): Traced {
  let unknownSince: string | undefined;
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
      schema = step && step.kind !== 'dataBound' ? step.schema : undefined;
      if (step?.kind === 'dataBound' || factsOf(op).bringsColumns) unknownSince = number;
      if (!schema) continue;
      const names = new Set(schema.map(({ name }) => name));
      for (const name of [...traces.keys()]) if (!names.has(name)) traces.delete(name);
      for (const { name } of schema) if (!traces.has(name)) traces.set(name, made);
    }
  }
  return { traces, schema, unknownSince };
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
  const traceOf = ({ name, expr, role, stays }: Origin): Trace => {
    const from = expr?.k === 'col' ? before.get(expr.name) : undefined;
    return (
      (stays ? before.get(name) : undefined) ?? { ...made, madeBy: from?.madeBy ?? [number], role: role ?? 'column' }
    );
  };
  const { others, columns, renamed }: Origins = factsOf(op).origins?.(op) ?? { others: 'same', columns: [] };
  const result = new Map<string, Trace>();
  for (const [name, trace] of others === 'gone' ? [] : before) {
    const to = renamed?.get(name);
    if (to !== undefined) result.set(to, { ...trace, stage: number });
    else result.set(name, others === 'carried' ? { ...made, madeBy: trace.madeBy } : trace);
  }
  for (const column of columns) result.set(column.name, traceOf(column));
  return result;
}
