import { readBy } from '../analysis/expressions';
import { union } from '../analysis/names';
import { coerce } from '../calls';
import { defineOperator } from './define';
import { prepareCount } from './take';

/** https://learn.microsoft.com/kusto/query/rows-near-plugin. Without a number of rows after, that of rows before stands for both. */
export const rowsNear = defineOperator({
  name: 'rows-near',
  ignoresClock: true,
  needs: (node, wanted) => union(wanted, readBy(node.cond)),
  keepsEmpty: () => true,
  prepare(node, schema, bind) {
    const cond = coerce(bind.expr(node.cond, schema), 'bool');
    const before = prepareCount(node.before, bind);
    const after = prepareCount(node.after ?? node.before, bind);
    return {
      kind: 'table',
      schema,
      run(rows, runtime) {
        const hits = rows.flatMap((row, i) => (cond.eval(row, runtime) === true ? [i] : []));
        const [ahead, behind] = [before(runtime), after(runtime)];
        let next = 0;
        return rows.filter((_, i) => {
          while (next < hits.length && hits[next]! + behind < i) next++;
          return next < hits.length && hits[next]! - ahead <= i;
        });
      },
    };
  },
});
