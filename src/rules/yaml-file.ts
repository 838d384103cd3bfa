import { Document, isAlias, isMap, isScalar, isSeq, type Node, parseDocument, type Scalar } from 'yaml';
import type { Position } from '../plan/position';
import { LineIndex } from './line-index';
import { type Problem, sortProblems } from './problem';
import { scalarSourceMap } from './scalar-source';

/** A value of a YAML file: every scalar is the text that was written, an empty or `null` one is null. */
export type PlainValue = string | null | PlainValue[] | { [key: string]: PlainValue };

export type Path = readonly (string | number)[];

/** A parsed YAML file with what is needed to say where each of its values was written. */
export interface YamlFile {
  value: PlainValue;
  /** What is wrong with the YAML itself. With an error among them, `value` is what could be read. */
  problems: Problem[];
  /** Where the value at a path starts; the nearest existing ancestor if there is none. */
  position(path: Path): Position;
  /** Where the key of a mapping entry starts; as `position` if there is none. */
  keyPosition(path: Path): Position;
  /** Where character `offset` (UTF-16 units) of the text scalar at a path was written. */
  positionInText(path: Path, offset: number): Position;
}

/** Values that aliases may add to a file: more is an expansion attack, not a rule. */
const MAX_ALIASED_VALUES = 1_000;
const MAX_DEPTH = 50;

/**
 * Parses one YAML document. Scalars stay text (`1.0` is a version, not a number), as a typed reader of rule files
 * sees them. Never throws: broken YAML is problems with positions.
 */
export function parseYaml(source: string, file: string): YamlFile {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const lines = new LineIndex(text);
  const problems: Problem[] = [];
  const report = (severity: Problem['severity'], code: string, message: string, offset: number): void => {
    problems.push({ severity, code, message, file, ...lines.position(offset) });
  };

  let document: Document.Parsed | Document;
  try {
    document = parseDocument(text, {
      schema: 'failsafe',
      merge: true,
      keepSourceTokens: true,
      prettyErrors: false,
      logLevel: 'silent',
    });
  } catch (error) {
    report('error', 'yaml', `Cannot be read as YAML: ${(error as Error).message}`, 0);
    document = new Document(null);
  }
  for (const error of document.errors) {
    const code = error.code === 'DUPLICATE_KEY' ? 'duplicate-field' : 'yaml';
    report('error', code, yamlMessage(error.code, error.message, text, error.pos[0]), error.pos[0]);
  }
  for (const warning of document.warnings) report('warning', 'yaml', warning.message, warning.pos[0]);

  const reader = new PlainReader(document);
  const value = reader.read(document.contents as Node | null, 0);
  if (reader.tooMuch !== undefined) report('error', 'yaml', reader.tooMuch, 0);

  const find = (path: Path) => locate(document, path);
  return {
    value,
    problems,
    position: (path) => lines.position(find(path).offset),
    keyPosition: (path) => {
      const { keyOffset, offset } = find(path);
      return lines.position(keyOffset ?? offset);
    },
    positionInText: (path, offset) => {
      const { node, offset: start } = find(path);
      if (!isScalar(node)) return lines.position(start);
      const map = scalarSourceMap(node as Scalar, text);
      return lines.position(map[Math.min(Math.max(offset, 0), map.length - 1)] ?? start);
    },
  };
}

/**
 * Joins the problems of the YAML and of its contents. After broken YAML, only what was found before the break counts:
 * what is missing or odd behind it is a consequence.
 */
export function joinProblems(yaml: readonly Problem[], contents: readonly Problem[]): Problem[] {
  const first = sortProblems(yaml.filter((problem) => problem.code === 'yaml' && problem.severity === 'error'))[0];
  const consequences = ['missing-field', 'wrong-shape', 'hunting-query'];
  const trusted = contents.filter(
    ({ code, line, column }) =>
      first === undefined ||
      (!consequences.includes(code) && (line < first.line || (line === first.line && column < first.column))),
  );
  return sortProblems([...yaml, ...trusted]);
}

/** Turns nodes into plain values. Objects have no prototype, so `__proto__` is a key like any other. */
class PlainReader {
  tooMuch: string | undefined;
  #aliased = 0;
  #inAlias = 0;

  constructor(readonly document: Document) {}

  read(node: Node | null | undefined, depth: number): PlainValue {
    if (this.tooMuch !== undefined || node === null || node === undefined) return null;
    if (depth > MAX_DEPTH) return this.#stop(`Values are nested more than ${MAX_DEPTH} deep: write it flatter.`);
    if (this.#inAlias > 0 && ++this.#aliased > MAX_ALIASED_VALUES) {
      return this.#stop('Aliases expand to too many values: write the values out instead.');
    }
    if (isAlias(node)) {
      this.#inAlias++;
      const value = this.read(node.resolve(this.document), depth + 1);
      this.#inAlias--;
      return value;
    }
    if (isSeq(node)) return node.items.map((item) => this.read(item as Node | null, depth + 1));
    if (isMap(node)) {
      const object: { [key: string]: PlainValue } = Object.create(null);
      for (const pair of node.items) {
        const key = this.read(pair.key as Node | null, depth + 1);
        if (typeof key === 'string') object[key] = this.read(pair.value as Node | null, depth + 1);
      }
      return object;
    }
    return isScalar(node) ? scalarText(node) : null;
  }

  #stop(reason: string): null {
    this.tooMuch = reason;
    return null;
  }
}

function scalarText(scalar: Scalar): string | null {
  const value = scalar.value;
  if (typeof value !== 'string') return value === null || value === undefined ? null : String(value);
  const isPlain = scalar.type === 'PLAIN' || scalar.type === undefined;
  return isPlain && /^(|~|null|Null|NULL)$/.test(value) ? null : value;
}

function locate(document: Document, path: Path): { node: Node | null; offset: number; keyOffset?: number } {
  let node = document.contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  let keyOffset: number | undefined;
  for (const step of path) {
    let next: Node | null | undefined;
    let nextKey: number | undefined;
    const target = isAlias(node) ? node.resolve(document) : node;
    if (isMap(target)) {
      const pair = target.items.find((item) => isScalar(item.key) && item.key.value === step);
      nextKey = (pair?.key as Node | undefined)?.range?.[0];
      next = pair?.value as Node | null | undefined;
    } else if (isSeq(target) && typeof step === 'number') {
      next = target.items[step] as Node | undefined;
    }
    if (next === undefined && nextKey === undefined) return { node: null, offset, keyOffset };
    node = next ?? null;
    keyOffset = nextKey;
    offset = next?.range?.[0] ?? nextKey ?? offset;
  }
  return { node, offset, keyOffset };
}

/** Says what to do about the mistakes that are made most often in rule files. */
function yamlMessage(code: string, message: string, text: string, offset: number): string {
  if (code === 'DUPLICATE_KEY') return 'This field is given twice: remove one of them.';
  if (code === 'TAB_AS_INDENT' || (code === 'BAD_INDENT' && text[offset] === '\t')) {
    return 'A tab is used to indent: YAML allows only blanks.';
  }
  if (code === 'BLOCK_IN_FLOW' || code === 'BAD_ALIAS' || code === 'MULTIPLE_DOCS') return `Not valid YAML: ${message}`;
  return `Not valid YAML: ${message.trim()} Check the indentation and the quotes here and on the line before.`;
}
