import { invalid } from '../../../errors';
import type { ArgInfo } from '../../define';

/**
 * A lookup by the text of a part or period argument, in any case. A constant that is none is an error of the query (KqlError); a
 * text from a row that is none gives undefined.
 */
export function bindNamedPart<T>(
  fn: string,
  arg: ArgInfo,
  parts: ReadonlyMap<string, T>,
): (text: string) => T | undefined {
  if (!arg.constant) return (text) => parts.get(text.toLowerCase());
  const part = parts.get(String(arg.value).toLowerCase());
  if (part === undefined) {
    throw invalid(`${fn}(): '${String(arg.value)}' is not one of ${[...parts.keys()].join(', ')}`);
  }
  return () => part;
}
