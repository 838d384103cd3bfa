import { invalid } from '../../../errors';
import type { Dynamic } from '../../../values/types';

/** Steps of a JSONPath: keys and positions. */
export type JsonPath = readonly (string | number)[];

const STEP = /\.([A-Za-z_$@][\w$@-]*)|\[\s*(\d+)\s*\]|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*"((?:[^"\\]|\\.)*)"\s*\]/y;

/** Reads `$.a.b[0]['c']` (https://learn.microsoft.com/kusto/query/jsonpath). Throws KqlError. */
export function parseJsonPath(text: string): JsonPath {
  const path = text.trim();
  if (!path.startsWith('$')) throw invalid(`a JSON path begins with $: '${text.slice(0, 100)}'`);
  const steps: (string | number)[] = [];
  for (let at = 1; at < path.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (!match) throw invalid(`bad JSON path '${text.slice(0, 100)}' at offset ${at}`);
    if (match[2] !== undefined) steps.push(Number(match[2]));
    else steps.push(match[1] ?? (match[3] ?? match[4] ?? '').replace(/\\(.)/g, '$1'));
  }
  return steps;
}

/** What stands at the path, or null. */
export function followPath(root: Dynamic, path: JsonPath): Dynamic {
  let value: Dynamic = root;
  for (const step of path) {
    if (typeof step === 'string' && value instanceof Map) value = value.get(step) ?? null;
    else if (typeof step === 'number' && Array.isArray(value)) value = value[step] ?? null;
    else return null;
  }
  return value;
}
