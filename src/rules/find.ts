import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { isRecord } from './check-shape';
import type { Problem } from './problem';
import { findDuplicateIds, isCustomDetection, type ReadOptions, type RuleFile, readParsed } from './read';
import { fingerprint, type RuleCache } from './rule-cache';
import { parseYaml, type YamlFile } from './yaml-file';

/** Larger files are no rules: they are not read. */
const MAX_FILE_BYTES = 1_000_000;

/** The rules of a set of files and folders, with the problems of all of them. */
export interface FoundRules {
  /** One entry a rule file, by path. */
  files: RuleFile[];
  /** Problems of every file, of files that could not be read, and of ids given twice. */
  problems: Problem[];
}

/**
 * Reads every rule in files and folders, folders recursively: people drop whole trees in. In a folder, `*.yaml` and
 * `*.yml` are taken; `*.test.yaml`, `settings.yaml`, hidden folders and `node_modules` are left out, and so is any file that is YAML but has no
 * `query` (connectors, playbooks, workbooks of the same tree). A file that is named itself is always read as a rule.
 * A path that does not exist is a problem, not an exception.
 */
export async function findRules(
  paths: readonly string[],
  options: ReadOptions & { readonly cache?: RuleCache } = {},
): Promise<FoundRules> {
  const files: RuleFile[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const take = async (file: string, isNamed: boolean): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = await readText(file, problems);
    if (text === undefined) return;
    const read = remembered(text, file, { ...options, isNamed });
    if (read.rule) files.push(read.rule);
    problems.push(...read.problems);
  };
  for (const path of paths) {
    const { named, found } = await list(path, problems);
    for (const file of named) await take(file, true);
    for (const file of found) await take(file, false);
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

function isRulePath(path: string): boolean {
  const folders = path.split(sep).slice(0, -1);
  const name = basename(path);
  return (
    ['.yaml', '.yml'].includes(extname(name).toLowerCase()) &&
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
    if (size > MAX_FILE_BYTES) {
      problems.push(
        fileProblem(
          path,
          'file-too-large',
          `The file has ${size} bytes, a rule has at most ${MAX_FILE_BYTES}: is it one?`,
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

interface FileRead {
  /** Absent where the file is no rule. */
  readonly rule?: RuleFile;
  readonly problems: readonly Problem[];
}

interface HowToRead extends ReadOptions {
  readonly cache?: RuleCache;
  /** A file that is named itself is always read as a rule. */
  readonly isNamed: boolean;
}

/** A file as it was read before, where its text is the same. It is parsed again only when somebody asks where something stands in it. */
function remembered(text: string, file: string, how: HowToRead): FileRead {
  const { cache, isNamed, hunting = false } = how;
  if (!cache) return readOne(text, file, how);
  const key = fingerprint('file', file, isNamed, hunting, text);
  const known = cache.get(key) as { rule?: Pick<RuleFile, 'rule' | 'query'>; problems: Problem[] } | undefined;
  if (!known) {
    const read = readOne(text, file, how);
    const { rule } = read;
    cache.put(key, { problems: read.problems, ...(rule ? { rule: { rule: rule.rule, query: rule.query } } : {}) });
    return read;
  }
  if (!known.rule) return { problems: known.problems };
  let parsed: YamlFile | undefined;
  const yaml = (): YamlFile => {
    parsed ??= parseYaml(text, file);
    return parsed;
  };
  const rule: RuleFile = {
    ...known.rule,
    file,
    text,
    problems: known.problems,
    queryPosition: (offset) => yaml().positionInText(['query'], offset),
    position: (path) => yaml().position(path),
  };
  return { rule, problems: known.problems };
}

/** A found file whose YAML is broken counts as a rule if a line starts as one of a rule's: its author wants to hear of it. */
function readOne(text: string, file: string, { isNamed, hunting }: HowToRead): FileRead {
  const yaml = parseYaml(text, file);
  const isRule =
    isNamed ||
    (isRecord(yaml.value) && (Object.hasOwn(yaml.value, 'query') || isCustomDetection(yaml.value))) ||
    (yaml.problems.some((problem) => problem.severity === 'error') && /^query\s*:/m.test(text));
  if (isRule) {
    const rule = readParsed(yaml, text, file, { hunting });
    return { rule, problems: rule.problems };
  }
  if (!yaml.problems.some((problem) => problem.severity === 'error')) return { problems: [] };
  return {
    problems: [fileProblem(file, 'not-yaml', 'Skipped: this is not valid YAML and does not look like a rule.')],
  };
}

function fileProblem(file: string, code: string, message: string): Problem {
  return { severity: code === 'not-yaml' ? 'warning' : 'error', code, message, file, line: 1, column: 1 };
}
