import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { FunctionDeclaration } from '../compiler/compile';
import { isRecord } from './check-shape';
import { declarationOf } from './function-text';
import { readFunctionYaml } from './function-yaml';
import type { Problem } from './problem';
import { parseYaml } from './yaml-file';

/** Larger files hold no function: they are not read. */
const MAX_FILE_BYTES = 1_000_000;

/** A file with a function: its own names come first, then those that it also goes by. */
interface FunctionFile {
  readonly path: string;
  readonly names: readonly string[];
  readonly parameters: string;
  readonly body: string;
}

/**
 * Saved functions of folders, subfolders included, of two kinds: `NAME.kql`, a whole declaration `(x:string = "a") { … }` or a body alone;
 * and YAML files with a `ParserQuery` (parsers of ASIM, https://learn.microsoft.com/azure/sentinel/normalization-parsers-list) or a
 * `FunctionQuery`, as Azure-Sentinel keeps them. Other files are left alone. Of two functions of one name the earlier counts; an own name
 * comes before a name that another function also goes by.
 */
export function readSavedFunctions(folders: readonly string[], problems: Problem[]): FunctionDeclaration[] {
  const files = folders.filter((folder) => existsSync(folder)).flatMap((folder) => readFolder(folder, problems));
  const found = new Map<string, FunctionFile>();
  const add = (name: string, file: FunctionFile): void => {
    const other = found.get(name);
    if (!other) found.set(name, file);
    else if (other.body !== file.body || other.parameters !== file.parameters)
      problems.push({
        severity: 'warning',
        code: 'duplicate-function',
        message: `The function '${name}' is also in ${other.path}: that one counts.`,
        ...atStart(file.path),
      });
  };
  for (const file of files) add(file.names[0]!, file);
  for (const file of files) for (const name of file.names.slice(1)) if (!found.has(name)) found.set(name, file);
  return [...found].map(([name, { parameters, body }]) => ({ name, parameters, body }));
}

function readFolder(folder: string, problems: Problem[]): FunctionFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ['.kql', '.yaml', '.yml'].includes(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath ?? folder, entry.name))
    .sort()
    .flatMap((path) => readFunction(path, problems) ?? []);
}

const readFunction = (path: string, problems: Problem[]): FunctionFile | undefined =>
  extname(path).toLowerCase() === '.kql' ? readKql(path, problems) : readYaml(path, problems);

/** Leading comment lines are allowed. */
function readKql(path: string, problems: Problem[]): FunctionFile {
  const text = readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .replace(/^(\s*\/\/[^\n]*(\n|$))*/, '')
    .trim();
  if (text === '')
    problems.push({
      severity: 'error',
      code: 'empty-function',
      message: 'The saved function is empty.',
      ...atStart(path),
    });
  return { path, names: [basename(path, extname(path))], ...declarationOf(text) };
}

function readYaml(path: string, problems: Problem[]): FunctionFile | undefined {
  const text = readFileSync(path, 'utf8');
  if (text.length > MAX_FILE_BYTES || !/^\s*(ParserQuery|FunctionQuery)\s*:/m.test(text)) return undefined;
  const yaml = parseYaml(text, path);
  const errors = yaml.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0 || !isRecord(yaml.value)) {
    problems.push(...errors.slice(0, 1));
    return undefined;
  }
  const read = readFunctionYaml(yaml.value);
  if ('fault' in read) {
    const { fault, at } = read;
    problems.push({ severity: 'error', code: 'bad-function', message: fault, file: path, ...yaml.position(at) });
    return undefined;
  }
  return { path, ...read };
}

const atStart = (file: string) => ({ file, line: 1, column: 1 });
