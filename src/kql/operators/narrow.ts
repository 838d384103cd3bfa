import { isHidden } from '../ir';
import { convert } from '../values/convert';
import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/narrow-plugin. Rows are numbered from 0. */
export const narrow = defineOperator({
  name: 'narrow',
  ignoresClock: true,
  keepsEmpty: () => true,
  prepare(_, schema) {
    const columns = schema.map((column, index) => ({ ...column, index })).filter(({ name }) => !isHidden(name));
    return {
      kind: 'table',
      schema: [
        { name: 'Row', type: 'long' },
        { name: 'Column', type: 'string' },
        { name: 'Value', type: 'string' },
      ],
      run: (rows) =>
        rows.flatMap((row, number) =>
          columns.map(({ name, type, index }) => [number, name, convert(row[index]!, type, 'string')]),
        ),
    };
  },
});
