import type { Op, Pipeline } from '../ir';

/**
 * The output columns that are keys of the query's last `summarize` or `distinct`, when all of them reach the result: they tell one result
 * row from another while counts beside them grow. undefined: only the whole row tells.
 */
export function resultKeys(plan: Pipeline): string[] | undefined {
  const last = plan.ops.findLastIndex((op) => op.op === 'summarize' || op.op === 'distinct' || op.op === 'make-series');
  const summarize = plan.ops[last];
  if (!summarize) return undefined;
  let keys: string[];
  if (summarize.op === 'summarize' || summarize.op === 'make-series') keys = summarize.by.map((key) => key.name);
  else if (summarize.op === 'distinct' && summarize.columns) keys = summarize.columns.map((column) => column.name);
  else return undefined;
  for (const op of plan.ops.slice(last + 1)) {
    const next = follow(keys, op);
    if (!next) return undefined;
    keys = next;
  }
  return keys;
}

/** Names of the keys after an operator; undefined where a key is lost or rows are multiplied. */
function follow(keys: readonly string[], op: Op): string[] | undefined {
  switch (op.op) {
    case 'where':
    case 'sort':
    case 'top':
    case 'take':
    case 'project-reorder':
    case 'window':
    case 'drop':
      return [...keys];
    case 'extend':
      return op.columns.some(({ name }) => keys.includes(name)) ? undefined : [...keys];
    case 'project-rename':
      return keys.map((key) => op.renames.find(({ from }) => from === key)?.to ?? key);
    case 'project': {
      const names = keys.map((key) => op.columns.find(({ expr }) => expr.k === 'col' && expr.name === key)?.name);
      return names.some((name) => name === undefined) ? undefined : (names as string[]);
    }
    case 'project-away':
      return op.patterns.some((pattern) => pattern.includes('*') || keys.includes(pattern)) ? undefined : [...keys];
    default:
      return undefined;
  }
}
