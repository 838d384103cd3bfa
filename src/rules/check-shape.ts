import { z } from 'zod';
import { didYouMean } from '../spelling';
import type { Problem } from './problem';
import type { ProblemParams } from './shape';
import type { Path, PlainValue, YamlFile } from './yaml-file';

/** Where a checker puts what it finds. */
export class ProblemList {
  readonly problems: Problem[] = [];

  constructor(
    readonly yaml: YamlFile,
    readonly file: string,
  ) {}

  add(severity: Problem['severity'], code: string, message: string, path: Path, at: 'key' | 'value' = 'value'): void {
    const position = at === 'key' ? this.yaml.keyPosition(path) : this.yaml.position(path);
    this.problems.push({ severity, code, message, file: this.file, ...position });
  }
}

/**
 * Checks a value against a shape and reports what does not fit, at its place. Returns what the shape makes of it, or
 * undefined if there was an error. An unknown key of an object is a warning and does not spoil the value.
 */
export function checkShape<T extends z.ZodType>(
  shape: T,
  value: PlainValue | undefined,
  path: Path,
  list: ProblemList,
): z.output<T> | undefined {
  warnOfUnknownKeys(shape, value, path, list);
  const result = shape.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const params = issue.code === 'custom' ? (issue.params as ProblemParams | undefined) : undefined;
    const at = [...path, ...(issue.path as (string | number)[])];
    if (params) list.add('error', params.code, issue.message, at);
    else list.add('error', isMissing(issue) ? 'missing-field' : 'wrong-shape', wrongShape(issue, at), at);
  }
  return undefined;
}

function wrongShape(issue: z.core.$ZodIssue, path: Path): string {
  const field = nameOf(path);
  if (issue.code !== 'invalid_type') return issue.message;
  const expected =
    { string: 'a text', array: 'a list', object: 'named fields', record: 'named fields' }[String(issue.expected)] ??
    issue.expected;
  return isMissing(issue) ? `${field} is missing: give it ${expected}.` : `${field} must be ${expected}.`;
}

/** `"name"`, or `Item 2 of "tactics"`. */
function nameOf(path: Path): string {
  const last = path.at(-1);
  return typeof last === 'number' ? `Item ${last + 1} of ${nameOf(path.slice(0, -1))}` : `"${last}"`;
}

function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && (issue.input === undefined || issue.input === null);
}

function warnOfUnknownKeys(shape: z.ZodType, value: PlainValue | undefined, path: Path, list: ProblemList): void {
  const inner = unwrap(shape);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    for (const [index, item] of value.entries())
      warnOfUnknownKeys(inner.element as z.ZodType, item, [...path, index], list);
  } else if (inner instanceof z.ZodObject && isRecord(value)) {
    const known = Object.keys(inner.shape);
    for (const [key, item] of Object.entries(value)) {
      if (known.includes(key)) warnOfUnknownKeys(inner.shape[key] as z.ZodType, item, [...path, key], list);
      else list.add('warning', 'unknown-field', unknownField(key, known), [...path, key], 'key');
    }
  }
}

/** Names that people know from elsewhere: the portal, ARM templates, other rule formats. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    displayName: 'name',
    title: 'name',
    frequency: 'queryFrequency',
    period: 'queryPeriod',
    level: 'severity',
    mitre: 'relevantTechniques',
  }),
);

export function unknownField(key: string, known: readonly string[]): string {
  const other = OTHER_NAMES.get(key);
  if (other !== undefined && known.includes(other))
    return `"${key}" is not a field of a rule file and is ignored: it is called "${other}" here.`;
  return `"${key}" is not a field that is known here and is ignored.${didYouMean(key, known) || ' Remove it, or check its spelling.'}`;
}

function unwrap(shape: z.ZodType): z.ZodType {
  let inner = shape;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) inner = inner.unwrap() as z.ZodType;
  return inner;
}

export function isRecord(value: unknown): value is { [key: string]: PlainValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
