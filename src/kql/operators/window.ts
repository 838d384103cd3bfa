import { readByAll } from '../analysis/expressions';
import { union, without } from '../analysis/names';
import { coerce } from '../calls';
import { invalid, KqlError, unsupported } from '../errors';
import type { ArgInfo } from '../functions/define';
import type { OpOf } from '../ir';
import type { Binder, PreparedExpr } from '../prepared';
import type { Column, Row, Schema, Value } from '../values/types';
import { findWindow } from '../window-functions/registry';
import { namesOf } from './columns';
import { defineOperator } from './define';
import { place } from './extend';

/**
 * https://learn.microsoft.com/kusto/query/window-functions. Columns are made one after the other, so that the arguments of one may use those
 * before it: `row_number(1, prev(k) != k)`.
 */
export const windowOperator = defineOperator({
  name: 'window',
  ignoresClock: true,
  needs: (node, wanted) =>
    union(without(wanted, namesOf(node.columns)), readByAll(node.columns.flatMap((column) => column.args))),
  keepsEmpty: () => true,
  followsKeys: (_, keys) => keys,
  prepare(node, schema, bind) {
    const output: Column[] = [...schema];
    const steps = node.columns.map((column) => {
      const step = prepareStep(column, [...output], bind);
      return { ...step, index: place(output, { name: column.name, type: step.type }) };
    });
    return {
      kind: 'table',
      schema: output,
      run(rows, runtime) {
        const result: Row[] = rows.map((row) => row.slice());
        for (const { args, run, index } of steps) {
          const values = run(
            args.map((arg) => result.map((row) => arg.eval(row, runtime))),
            result.length,
          );
          for (let i = 0; i < result.length; i++) result[i]![index] = values[i]!;
        }
        return result;
      },
    };
  },
});

function prepareStep(
  column: OpOf<'window'>['columns'][number],
  schema: Schema,
  bind: Binder,
): {
  type: Column['type'];
  args: PreparedExpr[];
  run(args: Value[][], count: number): readonly Value[];
} {
  const definition = findWindow(column.fn);
  if (!definition) throw unsupported(`window function '${column.fn}' is not supported`, column.at, column.fn.length);
  const { params, optional = 0, name } = definition;
  if (column.args.length < params.length - optional || column.args.length > params.length) {
    throw invalid(`${name}() does not take ${column.args.length} arguments`, column.at, column.fn.length);
  }
  const args = column.args.map((arg, i) => coerce(bind.expr(arg, schema), params[i]!));
  const infos: ArgInfo[] = args.map((arg) => ({
    type: arg.type,
    constant: arg.constant !== undefined,
    value: arg.constant ? arg.constant.value : null,
  }));
  const type = typeof definition.returns === 'function' ? definition.returns(infos) : definition.returns;
  try {
    return { type, args, run: definition.bind(infos) };
  } catch (error) {
    if (error instanceof KqlError && error.at === undefined) {
      throw new KqlError(error.kind, error.message, column.at, column.fn.length);
    }
    throw error;
  }
}
