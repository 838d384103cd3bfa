import { isHidden } from '../ir';
import type { Row, ScalarType } from '../values/types';
import { defineOperator } from './define';

const DOTNET_TYPES: Record<ScalarType, string> = {
  bool: 'System.SByte',
  int: 'System.Int32',
  long: 'System.Int64',
  real: 'System.Double',
  decimal: 'System.Data.SqlTypes.SqlDecimal',
  string: 'System.String',
  datetime: 'System.DateTime',
  timespan: 'System.TimeSpan',
  guid: 'System.Guid',
  dynamic: 'System.Object',
};

/** https://learn.microsoft.com/kusto/query/getschema-operator */
export const getschema = defineOperator({
  name: 'getschema',
  ignoresClock: true,
  prepare(_, schema) {
    const rows: Row[] = schema
      .filter(({ name }) => !isHidden(name))
      .map(({ name, type }, ordinal) => [name, ordinal, DOTNET_TYPES[type], type]);
    return {
      kind: 'table',
      schema: [
        { name: 'ColumnName', type: 'string' },
        { name: 'ColumnOrdinal', type: 'long' },
        { name: 'DataType', type: 'string' },
        { name: 'ColumnType', type: 'string' },
      ],
      run: () => rows,
    };
  },
});
