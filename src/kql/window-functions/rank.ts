import type { ArgInfo } from '../functions/define';
import { keyText } from '../values/compare';
import type { Value } from '../values/types';
import type { WindowFunctionRun } from './define';

/** Ranks of sorted terms: equal neighbours share one; the next is one more (`dense`) or its position in the partition (`min`). */
export function rank(kind: 'dense' | 'min', infos: readonly ArgInfo[]): WindowFunctionRun {
  const type = infos[0]!.type;
  return ([terms, restarts], count) => {
    const values: Value[] = [];
    let current = 0;
    let position = 0;
    let last: string | undefined;
    for (let i = 0; i < count; i++) {
      const text = keyText(terms![i]!, type);
      if (i === 0 || restarts?.[i] === true) {
        current = 1;
        position = 1;
      } else {
        position++;
        if (text !== last) current = kind === 'dense' ? current + 1 : position;
      }
      last = text;
      values.push(current);
    }
    return values;
  };
}
