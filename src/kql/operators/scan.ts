import { coerce } from '../calls';
import { invalid } from '../errors';
import { isHidden, scanColumn } from '../ir';
import type { Runtime } from '../runtime';
import { type Column, nullOf, type Row, type Value } from '../values/types';
import { defineOperator } from './define';

/** A sequence on its way: for each step up to the one it is at, the row last matched, and its number. */
interface Sequence {
  readonly id: number;
  readonly rows: Row[];
}

/**
 * https://learn.microsoft.com/kusto/query/scan-operator. Every row is tried against the steps from the last to the first: it promotes the
 * sequence of the step before, else continues the step's own; the first step also starts one. A column that a step does not
 * assign has its default.
 */
export const scan = defineOperator({
  name: 'scan',
  ignoresClock: true,
  keepsEmpty: () => true,
  prepare(node, schema, bind) {
    const declared = node.declare.map(({ name, type, fallback }) => {
      const value = fallback ? coerce(bind.expr(fallback, []), type) : undefined;
      return { name, type, value };
    });
    const columns: Column[] = [...schema, ...declared.map(({ name, type }) => ({ name, type }))];
    const seen: Column[] = [
      ...columns,
      ...node.steps.flatMap((step) => columns.map(({ name, type }) => ({ name: scanColumn(step.name, name), type }))),
    ];
    const steps = node.steps.map((step) => ({
      output: step.output,
      cond: coerce(bind.expr(step.cond, seen), 'bool'),
      assign: step.assign.map(({ name, expr }) => {
        const index = columns.findIndex((column) => column.name === name);
        if (index < schema.length || isHidden(name))
          throw invalid(`scan can only assign declared columns, not '${name}'`);
        return { index, ...coerce(bind.expr(expr, seen), columns[index]!.type) };
      }),
    }));
    const matchId: Column[] = node.matchId === undefined ? [] : [{ name: node.matchId, type: 'long' }];

    return {
      kind: 'table',
      schema: [...columns, ...matchId],
      run(rows, runtime) {
        const defaults = declared.map(({ type, value }) => value?.eval([], runtime) ?? nullOf(type));
        const blank: Row = [...schema.map(({ type }) => nullOf(type)), ...defaults];
        const states: (Sequence | undefined)[] = steps.map(() => undefined);
        /** The row a step with `output=last` will give when its series ends. */
        const held: (Row | undefined)[] = steps.map(() => undefined);
        const result: Row[] = [];
        let sequences = 0;

        const view = (row: Row, sequence: Sequence | undefined): Row => [
          ...row,
          ...defaults,
          ...steps.flatMap((_, i) => sequence?.rows[i] ?? blank),
        ];
        const release = (k: number): void => {
          const row = held[k];
          if (row) result.push(row);
          held[k] = undefined;
        };
        const take = (k: number, row: Row, sequence: Sequence, seenRow: Row, rt: Runtime): Sequence => {
          const matched: Value[] = [...row, ...defaults];
          for (const { index, eval: evaluate } of steps[k]!.assign) matched[index] = evaluate(seenRow, rt);
          const output = node.matchId === undefined ? matched : [...matched, sequence.id];
          if (steps[k]!.output === 'all') result.push(output);
          else if (steps[k]!.output === 'last') held[k] = output;
          return { id: sequence.id, rows: [...sequence.rows.slice(0, k), matched] };
        };

        for (const row of rows) {
          for (let k = steps.length - 1; k >= 0; k--) {
            const { cond } = steps[k]!;
            const before = k > 0 ? states[k - 1] : undefined;
            if (before) {
              const seenRow = view(row, before);
              if (cond.eval(seenRow, runtime) === true) {
                release(k - 1);
                release(k);
                states[k] = take(k, row, before, seenRow, runtime);
                states[k - 1] = undefined;
                continue;
              }
            }
            const own = states[k];
            if (!own && k > 0) continue;
            const seenRow = view(row, own);
            if (cond.eval(seenRow, runtime) !== true) continue;
            states[k] = take(k, row, own ?? { id: sequences++, rows: [] }, seenRow, runtime);
          }
        }
        steps.forEach((_, k) => {
          release(k);
        });
        return result;
      },
    };
  },
});
