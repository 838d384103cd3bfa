import type { ArgInfo } from '../functions/define';
import { convert } from '../values/convert';
import { nullOf, type Value } from '../values/types';
import type { WindowFunctionRun } from './define';

/** The value `direction × offset` rows away, else the default, converted to the column's type. */
export function shift(direction: 1 | -1, infos: readonly ArgInfo[]): WindowFunctionRun {
  const type = infos[0]!.type;
  return ([column, offsets, defaults], count) => {
    const values: Value[] = [];
    for (let i = 0; i < count; i++) {
      const offset = offsets ? offsets[i]! : 1;
      const from = offset === null ? -1 : i + direction * Number(offset);
      if (from >= 0 && from < count) values.push(column![from]!);
      else values.push(defaults ? convert(defaults[i]!, infos[2]!.type, type) : nullOf(type));
    }
    return values;
  };
}
