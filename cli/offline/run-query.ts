import {
  createRuntime,
  jsonRows,
  normalizeUnions,
  type Pipeline,
  prepareExpr,
  preparePipeline,
  prunePlan,
  type Row,
  ticksFromMs,
  visible,
} from '../../src/kql';
import { requirementsOf } from '../../src/streaming/requirements';
import { splitPlan } from '../../src/streaming/split';
import type { StreamPlan } from '../../src/streaming/stream-plan';
import { QueryLeg } from './query-leg';
import type { ReadResult, TableFile } from './table-files';

export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

const DAY = 86_400_000;

/**
 * Runs a query over files in one pass of each: what of it looks at single rows, and the grouping that may follow, runs as they are read, so
 * that no more is held than that leaves. `onRead`: told what could not be read of each file. Throws KqlError, and Error for a file.
 */
export async function runQuery(
  plan: Pipeline,
  files: ReadonlyMap<string, TableFile>,
  onRead: (result: ReadResult) => void,
): Promise<Answer> {
  // Windows of the time of ingestion say nothing of TimeGenerated: all that the query says of it stays in the query.
  const split = splitPlan(prunePlan(normalizeUnions(plan)), {
    frequencyMs: DAY,
    periodMs: DAY,
    timeBasis: 'ingestion',
  });
  const runtime = createRuntime({
    now: ticksFromMs(Date.now()),
    scan: (source) => (source.kind === 'state' ? (results.get(source.leg) ?? []) : []),
  });
  const timed = new Set([...files].flatMap(([name, { hasTime }]) => (hasTime ? [name] : [])));
  const legs = split.legs.map((leg, i) => new QueryLeg(leg, runtime, timed, mostOf(split, i)));
  for (const [table, file] of files) {
    const reading = split.legs.flatMap((leg, i) => (leg.branches.some((branch) => branch.table === table) ? [i] : []));
    if (reading.length === 0) continue;
    const branches = reading.flatMap((i) => split.legs[i]!.branches.filter((branch) => branch.table === table));
    let number = 0;
    const take = (fields: Parameters<QueryLeg['add']>[1]): void => {
      for (const i of reading) legs[i]!.add(table, fields, number);
      number++;
    };
    onRead(await file.read(take, branches.map(requirementsOf)));
  }
  const results = new Map<number, readonly Row[]>(legs.map((leg, i) => [i, leg.result()]));
  const table = visible(preparePipeline(split.flush).run(runtime));
  return { columns: table.schema.map(({ name, type }) => ({ name, type })), rows: jsonRows(table.schema, table.rows) };
}

/** How many rows are asked for, where all that a query does with its one table is to take some first. */
function mostOf({ flush }: StreamPlan, leg: number): number | undefined {
  const [first] = flush.ops;
  if (first?.op !== 'take' || flush.source.kind !== 'state' || flush.source.leg !== leg) return undefined;
  // Another use of the same rows, in a subquery, may ask for all of them.
  if (JSON.stringify(flush).split('"kind":"state"').length !== 2) return undefined;
  const value = prepareExpr(first.count, []).constant?.value;
  return typeof value === 'bigint' || typeof value === 'number' ? Math.max(0, Number(value)) : undefined;
}
