import { neededBy, preparePipeline } from '../bind';
import { isHidden, type Op, type Pipeline, type Source, type Union } from '../ir';
import type { Schema } from '../values/types';
import { mapQueries } from './expressions';
import { mapOp } from './map';
import type { Names } from './names';

/** The column of a source row that says when it happened. */
export const TIME_COLUMN = 'TimeGenerated';

/**
 * The plan with source tables reduced to the columns that it uses (TimeGenerated always stays): what is not read need not be taken out of
 * an event, hashed or kept. The result of the plan is the same.
 */
export const prunePlan = (plan: Pipeline): Pipeline => prune(plan, 'all');

function prune(plan: Pipeline, wanted: Names): Pipeline {
  return { source: pruneSource(plan.source, neededBy(plan.ops, wanted)), ops: plan.ops.map(pruneOp) };
}

function pruneSource(source: Source, needed: Names): Source {
  switch (source.kind) {
    case 'table': {
      if (needed === 'all') return source;
      const keep = needed;
      return {
        ...source,
        columns: source.columns.filter(({ name }) => name === TIME_COLUMN || isHidden(name) || keep.has(name)),
      };
    }
    case 'union':
      return { kind: 'union', union: pruneUnion(source.union, needed) };
    default:
      return source;
  }
}

/** Columns of one name and different types become `name_type`: then nothing is left out, or the names would change. */
function pruneUnion(node: Union, wanted: Names, first?: Schema): Union {
  const schemas = [...(first ? [first] : []), ...node.legs.map((leg) => preparePipeline(leg).schema)];
  const types = new Map<string, string>();
  let isPlain = node.kind === 'outer';
  for (const schema of schemas) {
    if (!schema) isPlain = false;
    for (const { name, type } of schema ?? []) {
      if ((types.get(name) ?? type) !== type) isPlain = false;
      types.set(name, type);
    }
  }
  return { ...node, legs: node.legs.map((leg) => prune(leg, isPlain ? wanted : 'all')) };
}

/** Queries beside the input and inside expressions; a join's right side keeps all it has, for the names of clashing columns. */
const pruneOp = (op: Op): Op => mapOp(op, (expr) => mapQueries(expr, prunePlan), prunePlan);
