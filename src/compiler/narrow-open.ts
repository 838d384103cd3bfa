import {
  KqlError,
  mapOp,
  mapQueries,
  type Names,
  neededBy,
  normalizeUnions,
  type Op,
  type Pipeline,
  preparePipeline,
  type Source,
} from '../kql';

/** Which columns of open tables are there only because the query names them. */
export interface OpenColumns {
  /** All such names. */
  readonly names: ReadonlySet<string>;
  has(table: string, column: string): boolean;
}

const NOTHING: Names = new Set();

/**
 * The plan with each use of an open table reduced to the undeclared columns that it is asked for. A name that the query reads may be a column
 * that an operator made (`project-rename New = Unknown`), or of another leg of a union: an open table that had it as well would clash with it.
 */
export function narrowOpen(plan: Pipeline, open: OpenColumns): Pipeline {
  if (open.names.size === 0) return plan;
  try {
    return narrow(normalizeUnions(plan), NOTHING, open);
  } catch (error) {
    // A plan that cannot be prepared stays as it is: what is wrong with it is said where it is prepared as a whole.
    if (error instanceof KqlError) return plan;
    throw error;
  }
}

function narrow({ source, ops }: Pipeline, wanted: Names, open: OpenColumns): Pipeline {
  const needed = asked(ops, wanted);
  const inner = (plan: Pipeline, names: Names): Pipeline => narrow(normalizeUnions(plan), names, open);
  return {
    source: narrowSource(source, needed, open),
    ops: ops.map((op) =>
      mapOp(
        op,
        (expr) => mapQueries(expr, (plan) => inner(plan, NOTHING)),
        (plan) => inner(plan, open.names),
      ),
    ),
  };
}

/** Columns that operators read of their input by name, and those of `wanted`. */
const asked = (ops: readonly Op[], wanted: Names): Names =>
  ops.reduceRight((names: Names, op) => {
    const needed = neededBy([op], names);
    return needed === 'all' ? needed : new Set([...needed, ...mentioned(op)]);
  }, wanted);

/** Names that an operator is about without reading their values. */
function mentioned(op: Op): readonly string[] {
  switch (op.op) {
    case 'project-rename':
      return op.renames.map(({ from }) => from);
    case 'project-away':
    case 'project-keep':
    case 'project-by-names':
      return op.patterns;
    case 'project-reorder':
      return op.columns.map(({ pattern }) => pattern);
    default:
      return [];
  }
}

function narrowSource(source: Source, needed: Names, open: OpenColumns): Source {
  if (source.kind === 'table') {
    if (needed === 'all') return source;
    return {
      ...source,
      columns: source.columns.filter(({ name }) => !open.has(source.name, name) || needed.has(name)),
    };
  }
  if (source.kind !== 'union') return source;
  const { legs } = source.union;
  const own = legs.map((leg) => new Set(namesOf(narrow(leg, NOTHING, open))));
  const after = needed === 'all' ? open.names : needed;
  const narrowed = legs.map((leg, i) => {
    const others = own.filter((_, other) => other !== i);
    const missing = [...after].filter((name) => !others.some((names) => names.has(name)));
    return narrow(leg, new Set(missing), open);
  });
  return { kind: 'union', union: { ...source.union, legs: narrowed } };
}

const namesOf = (plan: Pipeline): readonly string[] => (preparePipeline(plan).schema ?? []).map(({ name }) => name);
