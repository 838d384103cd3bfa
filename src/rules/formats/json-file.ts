import { isRecord } from '../check-shape';
import { LineIndex } from '../line-index';
import type { Problem } from '../problem';
import { type PlainValue, parseYaml, type YamlFile } from '../yaml-file';

const MAX_DEPTH = 100;

/**
 * A JSON file as `parseYaml` gives it, scalars as their text. Packages have megabytes: places are looked for when one is asked for, and only
 * then is the file read as the YAML that JSON is too.
 */
export function parseJsonFile(text: string, file: string): YamlFile {
  const source = text.replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    return broken(source, file, (error as Error).message);
  }
  let yaml: YamlFile | undefined;
  const places = (): YamlFile => {
    yaml ??= parseYaml(source, file);
    return yaml;
  };
  return {
    value: plain(value, 0),
    problems: [],
    position: (path) => places().position(path),
    keyPosition: (path) => places().keyPosition(path),
    positionInText: (path, offset) => places().positionInText(path, offset),
  };
}

/** What YAML reads of it may be less strict: JSON's own fault is told in any case. */
function broken(source: string, file: string, message: string): YamlFile {
  const yaml = parseYaml(source, file);
  const at = Number(/ at position (\d+)/.exec(message)?.[1] ?? 0);
  const fault: Problem = {
    ...{ severity: 'error', code: 'yaml', message: `Not JSON: ${message}`, file },
    ...new LineIndex(source).position(at),
  };
  return { ...yaml, value: null, problems: [fault] };
}

function plain(value: unknown, depth: number): PlainValue {
  if (value === null || value === undefined || depth > MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  if (!isRecord(value)) return String(value);
  // No prototype: `__proto__` is a key like any other.
  const object: { [key: string]: PlainValue } = Object.create(null);
  for (const [key, item] of Object.entries(value)) object[key] = plain(item, depth + 1);
  return object;
}
