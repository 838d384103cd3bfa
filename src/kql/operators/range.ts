import { callFunction, coerce } from '../calls';
import { KqlError } from '../errors';
import { findFunction } from '../functions/registry';
import type { Source } from '../ir';
import type { Binder, PreparedExpr } from '../prepared';
import type { Runtime } from '../runtime';
import { compareValues } from '../values/compare';
import type { Row, ScalarType, Schema, Value } from '../values/types';

export interface PreparedRange {
  readonly schema: Schema;
  /** One row after the other, so that who needs a few of them need not have all. */
  rows(runtime: Runtime): Iterable<Row>;
  run(runtime: Runtime): { schema: Schema; rows: Row[] };
}

/** https://learn.microsoft.com/kusto/query/range-operator: from, from+step … while not past `to`; a step of 0 or null gives no row. */
export function prepareRange(source: Extract<Source, { kind: 'range' }>, bind: Binder): PreparedRange {
  const from = bind.expr(source.from, []);
  const step = bind.expr(source.step, []);
  const add = findFunction('+');
  if (!add) throw new Error("operator '+' is missing");
  // The column has the type of from + step: long for ints, datetime for a datetime stepped by a timespan.
  const cell = (type: ScalarType, value: Value): PreparedExpr => ({ type, eval: () => value });
  const type = callFunction(add, [cell(from.type, null), cell(step.type, null)]).type;
  const start = coerce(from, type);
  const end = coerce(bind.expr(source.to, []), type);
  const schema: Schema = [{ name: source.name, type }];
  function* rows(runtime: Runtime): Generator<Row> {
    const last = end.eval([], runtime);
    const width = step.eval([], runtime);
    let value = start.eval([], runtime);
    if (width === null || last === null || compareValues(width, typeof width === 'bigint' ? 0n : 0) === 0) return;
    const next = callFunction(add!, [
      { type, eval: () => value },
      { type: step.type, eval: () => width },
    ]);
    const up = compareValues(width, typeof width === 'bigint' ? 0n : 0) > 0;
    for (
      let count = 0;
      value !== null && (up ? compareValues(value, last) <= 0 : compareValues(value, last) >= 0);
      count++
    ) {
      if (count >= runtime.maxRows) throw new KqlError('run', `range gives more than ${runtime.maxRows} rows`);
      yield [value];
      value = next.eval([], runtime);
    }
  }
  return { schema, rows, run: (runtime) => ({ schema, rows: [...rows(runtime)] }) };
}
