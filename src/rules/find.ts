import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { isRecord } from './check-shape';
import { rulesOf } from './formats';
import type { Problem } from './problem';
import { findDuplicateIds, parseRuleFile, type ReadOptions, type RuleFile, readRules } from './read';
import type { YamlFile } from './yaml-file';

/** Larger files are no rules: they are not read. A package of Sentinel's content hub is one file of JSON. */
const MAX_FILE_BYTES = 1_000_000;
const MAX_JSON_BYTES = 20_000_000;
/** What a file of JSON must contain to be looked into: trees of content are full of workbooks and playbooks. */
const JSON_OF_RULES = /"[^"]*\/alertRule(?:s|Templates)"|"queryCondition"/i;

/** The rules of a set of files and folders, with the problems of all of them. */
export interface FoundRules {
  /** One entry a rule, by path. */
  files: RuleFile[];
  /** Problems of every file, of files that could not be read, and of ids given twice. */
  problems: Problem[];
}

/**
 * Reads every rule in files and folders, folders recursively: people drop whole trees in. In a folder, `*.yaml`, `*.yml` and `*.json` (exports
 * and packages of Sentinel) are taken; `*.test.yaml`, `settings.yaml`, hidden folders and `node_modules` are left out, and so is any file that is YAML but has no
 * `query` (connectors, playbooks, workbooks of the same tree). A file that is named itself is always read as a rule.
 * A path that does not exist is a problem, not an exception.
 */
export async function findRules(paths: readonly string[], options: ReadOptions = {}): Promise<FoundRules> {
  const files: RuleFile[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const { named, found } = await list(path, problems);
    for (const file of [...named, ...found]) {
      if (seen.has(file)) continue;
      seen.add(file);
      const text = await readText(file, problems);
      if (text === undefined) continue;
      const isFound = found.includes(file);
      if (isFound && isJson(file) && !JSON_OF_RULES.test(text)) continue;
      const source = parseRuleFile(text, file);
      if (isFound && !isRule(source, text, file, problems)) continue;
      const read = readRules(source, file, options);
      files.push(...read.rules);
      problems.push(...read.problems, ...read.rules.flatMap((rule) => rule.problems));
    }
  }
  problems.push(...findDuplicateIds(files));
  return { files, problems };
}

/** The rule files below a folder, sorted, each path starting with the folder's. */
async function findRuleFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? folder, entry.name))
    .filter((path) => isRulePath(relative(folder, path)))
    .sort();
}

const isJson = (path: string): boolean => extname(path).toLowerCase() === '.json';

function isRulePath(path: string): boolean {
  const folders = path.split(sep).slice(0, -1);
  const name = basename(path);
  return (
    ['.yaml', '.yml', '.json'].includes(extname(name).toLowerCase()) &&
    !/\.test\.ya?ml$/i.test(name) &&
    !/^settings\.ya?ml$/i.test(name) &&
    !folders.some((folder) => folder === 'node_modules' || (folder.startsWith('.') && folder !== '..'))
  );
}

async function list(path: string, problems: Problem[]): Promise<{ named: string[]; found: string[] }> {
  try {
    if ((await stat(path)).isDirectory()) return { named: [], found: await findRuleFiles(path) };
    return { named: [path], found: [] };
  } catch (error) {
    problems.push(fileProblem(path, 'unreadable-file', `Cannot be read: ${(error as Error).message}. Check the path.`));
    return { named: [], found: [] };
  }
}

async function readText(path: string, problems: Problem[]): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    const most = isJson(path) ? MAX_JSON_BYTES : MAX_FILE_BYTES;
    if (size > most) {
      problems.push(
        fileProblem(
          path,
          'file-too-large',
          `The file has ${size} bytes, a file of rules has at most ${most}: is it one?`,
        ),
      );
      return undefined;
    }
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    const isEncoding = (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
    const message = isEncoding
      ? 'The file is not UTF-8: save it as UTF-8.'
      : `Cannot be read: ${(error as Error).message}.`;
    problems.push(fileProblem(path, isEncoding ? 'bad-encoding' : 'unreadable-file', message));
    return undefined;
  }
}

/** A found file whose YAML is broken counts as a rule if a line starts as one of a rule's: its author wants to hear of it. */
function isRule(yaml: YamlFile, text: string, file: string, problems: Problem[]): boolean {
  if ((isRecord(yaml.value) && Object.hasOwn(yaml.value, 'query')) || rulesOf(yaml.value)) return true;
  if (!yaml.problems.some((problem) => problem.severity === 'error')) return false;
  if (/^query\s*:/m.test(text)) return true;
  problems.push(fileProblem(file, 'not-yaml', 'Skipped: this is not valid YAML and does not look like a rule.'));
  return false;
}

function fileProblem(file: string, code: string, message: string): Problem {
  return { severity: code === 'not-yaml' ? 'warning' : 'error', code, message, file, line: 1, column: 1 };
}
