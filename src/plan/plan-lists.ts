import {
  type Column,
  type Encoded,
  MAX_EXTERNAL_ROWS,
  mapOp,
  mapQueries,
  mapRows,
  type Op,
  type Pipeline,
  parseExternal,
  type Reference,
  type RowsSource,
} from '../kql';
import { storedRequirementsOf } from '../streaming/requirements';
import { legHash } from '../streaming/split';
import type { Branch, Leg } from '../streaming/stream-plan';
import { planHash, type RulePlan, timeBasisOf } from './rule-plan';
import { isSilent } from './silence';

/** An `externaldata` operator of some plans: what is needed to read its files anew. */
export interface ExternalList {
  readonly id: string;
  readonly columns: readonly Column[];
  /** In the order of the operator. */
  readonly files: readonly Reference[];
}

/** New rows for a list. */
export interface ListRows {
  readonly rows: readonly (readonly Encoded[])[];
  /** One for each file of the list, in order. */
  readonly files: readonly Pick<Reference, 'sha256' | 'rows' | 'fetchedAt'>[];
}

export { referenceName } from '../kql';

/** The rows of a file of a list. Throws Error where it is none, or has no rows. */
export function fileRows(
  { columns }: ExternalList,
  { url = '', format, ignoreFirstRecord = false }: Reference,
  text: string,
): ListRows['rows'] {
  const rows = parseExternal(text, columns, { url, format, ignoreFirstRecord });
  if (rows.length === 0) throw new Error('it has no rows any more');
  return rows;
}

/** The files of a list one after the other. Throws Error where they are too many rows. */
export function joinRows(files: readonly ListRows['rows'][]): ListRows['rows'] {
  const rows = files.flat();
  if (rows.length > MAX_EXTERNAL_ROWS) throw new Error(`${rows.length} rows, more than ${MAX_EXTERNAL_ROWS}`);
  return rows;
}

/** The lists of plans that can be fetched anew: all files of them were fetched when the plans were built. */
export function externalLists(plans: readonly RulePlan[]): ExternalList[] {
  const lists = new Map<string, ExternalList>();
  for (const plan of plans) {
    const ids = new Set((plan.references ?? []).map(({ id }) => id));
    for (const id of ids) {
      const files = (plan.references ?? []).filter((reference) => reference.id === id);
      if (lists.has(id) || files.some(({ url, isLocal }) => url === undefined || isLocal)) continue;
      const columns = columnsOf(plan, id);
      if (columns) lists.set(id, { id, columns, files });
    }
  }
  return [...lists.values()];
}

function columnsOf(plan: RulePlan, id: string): readonly Column[] | undefined {
  let columns: readonly Column[] | undefined;
  mapPlanRows(plan, (source) => {
    if (source.reference === id) columns ??= source.columns;
    return source;
  });
  return columns;
}

/**
 * The plan as the build would make it of these rows: where they are used before a grouping or kept as state, its state is another one.
 * The plan itself where it holds none of the lists.
 */
export function withLists(plan: RulePlan, lists: ReadonlyMap<string, ListRows>): RulePlan {
  const { references = [] } = plan;
  if (!references.some(({ id }) => lists.has(id))) return plan;
  const {
    stream,
    requirements,
    isSilentWithoutEvents: _,
    ...rest
  } = mapPlanRows(plan, (source) => {
    const list = source.reference === undefined ? undefined : lists.get(source.reference);
    return list ? { ...source, rows: list.rows } : source;
  });
  const legs = stream.legs.map((leg) => ({ ...leg, hash: legHash(leg, stream.paneMs, timeBasisOf(plan.schedule)) }));
  const fresh = { ...stream, legs };
  const content = {
    ...rest,
    stream: fresh,
    requirements: legs.flatMap(({ branches }) => branches.map(storedRequirementsOf)),
    isSilentWithoutEvents: isSilent(fresh, plan.rule.trigger),
  };
  const counts = new Map<string, number>();
  const updated = references.map((reference): Reference => {
    const at = counts.get(reference.id) ?? 0;
    counts.set(reference.id, at + 1);
    return { ...reference, ...lists.get(reference.id)?.files[at] };
  });
  return { ...content, hash: planHash(content), references: updated };
}

function mapPlanRows(plan: RulePlan, replace: (source: RowsSource) => RowsSource): RulePlan {
  const query = (inner: Pipeline): Pipeline => mapRows(inner, replace);
  const op = <O extends Op>(one: O): O => mapOp(one, (expr) => mapQueries(expr, query), query) as O;
  const branch = (one: Branch): Branch => ({ ...one, ops: one.ops.map(op) });
  const leg = (one: Leg): Leg => ({
    ...one,
    branches: one.branches.map(branch),
    ...(one.group ? { group: op(one.group) } : {}),
  });
  const { stream } = plan;
  return { ...plan, stream: { ...stream, legs: stream.legs.map(leg), flush: query(stream.flush) } };
}
