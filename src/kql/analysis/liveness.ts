import type { Op } from '../ir';
import { preparePipeline } from '../pipeline';
import { type Names, readBy, readByAggregate, readByAll, union } from './references';

const without = (names: Names, gone: readonly string[]): Names =>
  names === 'all' ? 'all' : new Set([...names].filter((name) => !gone.includes(name)));

/**
 * Columns that an operator needs of its input, when those in `wanted` are needed of its output. More than needed is safe, less is not.
 */
export function needs(op: Op, wanted: Names): Names {
  switch (op.op) {
    case 'where':
      return union(wanted, readBy(op.cond));
    case 'extend':
      return union(
        without(
          wanted,
          op.columns.map((column) => column.name),
        ),
        readByAll(op.columns.map((column) => column.expr)),
      );
    case 'project':
      return union(hidden(wanted), readByAll(op.columns.map((column) => column.expr)));
    case 'project-rename':
      return union(
        without(
          wanted,
          op.renames.map(({ to }) => to),
        ),
        new Set(op.renames.map(({ from }) => from)),
      );
    case 'parse':
    case 'parse-kv': {
      const columns =
        op.op === 'parse'
          ? op.parts.flatMap((part) => (part.kind === 'column' ? [part.name] : []))
          : op.columns.map((c) => c.name);
      return union(without(wanted, columns), readBy(op.input));
    }
    case 'distinct':
      return op.columns === undefined ? 'all' : readByAll(op.columns.map((column) => column.expr));
    case 'sort':
      return union(wanted, readByAll(op.by.map((key) => key.expr)));
    case 'top':
      return union(wanted, readByAll([op.count, ...op.by.map((key) => key.expr)]));
    case 'take':
      return union(wanted, readBy(op.count));
    case 'count':
      return new Set();
    case 'summarize':
      return union(...op.aggregates.map(readByAggregate), readByAll(op.by.map((key) => key.expr)));
    case 'mv-expand':
      return union(
        without(
          wanted,
          op.columns.map((column) => column.name),
        ),
        readByAll([...op.columns.map((column) => column.expr), ...(op.limit ? [op.limit] : [])]),
      );
    case 'mv-apply':
      return union(
        without(
          chain(op.sub.ops, wanted),
          op.columns.map((column) => column.name),
        ),
        without(
          wanted,
          op.columns.map((column) => column.name),
        ),
        readByAll([...op.columns.map((column) => column.expr), ...(op.limit ? [op.limit] : [])]),
      );
    case 'bag_unpack':
      return union(wanted, new Set([op.column]));
    case 'pivot':
      return op.by === undefined ? 'all' : union(new Set([...op.by, op.column]), readByAggregate(op.aggregate));
    case 'rows-near':
      return union(wanted, readBy(op.cond));
    case 'rolling-percentile':
      return readByAll([op.value, op.index.expr, ...op.by.map((key) => key.expr)]);
    case 'window':
      return union(
        without(
          wanted,
          op.columns.map((column) => column.name),
        ),
        readByAll(op.columns.flatMap((column) => column.args)),
      );
    case 'make-series':
      return union(
        ...op.aggregates.map(readByAggregate),
        readByAll([
          op.axis.expr,
          op.step,
          ...op.by.map((key) => key.expr),
          ...(op.from ? [op.from] : []),
          ...(op.to ? [op.to] : []),
        ]),
      );
    case 'join':
    case 'lookup':
      return joined(op, wanted);
    case 'drop':
    case 'project-away':
    case 'project-reorder':
    // Its columns stand in the order of the input's, which a column that is left out and made anew would change.
    case 'project-keep':
      return wanted;
    case 'project-by-names':
      // What is not kept is not wanted either; a wanted name that no pattern keeps cannot be.
      return wanted === 'all' && op.patterns.every((pattern) => !pattern.includes('*')) ? new Set(op.patterns) : wanted;
    default:
      return 'all';
  }
}

/** What a chain of operators needs of its input. */
export const chain = (ops: readonly Op[], wanted: Names): Names =>
  ops.reduceRight((names, op) => needs(op, names), wanted);

const hidden = (wanted: Names): Names =>
  wanted === 'all' ? new Set<string>() : new Set([...wanted].filter((name) => name.startsWith('$')));

/**
 * A join renames clashing columns of its right side, so a column may only be left out of the left side if the right one has none of that
 * name, and none that it would be renamed to: `k`, `k1` joined with `k` gives `k2`.
 */
function joined(op: Extract<Op, { op: 'join' | 'lookup' }>, wanted: Names): Names {
  const right = preparePipeline(op.right).schema;
  if (!right || wanted === 'all') return 'all';
  const renamed = right.flatMap(({ name }) => Array.from({ length: RENAMES }, (_, i) => `${name}${i || ''}`));
  return union(wanted, readByAll(op.on.map((pair) => pair.left)), new Set(renamed));
}

/** Columns of one name that differ by a number only, at most. */
const RENAMES = 10;
