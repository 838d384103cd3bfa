import type { CompiledRule } from './compile';
import type { CompileOutcome, CompileTask, Lists } from './compile-task';
import type { Ground } from './ground';
import type { RuleFile } from './read';
import { fingerprint, type RuleCache } from './rule-cache';

/** Compiles tasks, in whatever order, and gives their outcomes in that of the tasks. `onDone`: called after each. */
export type CompileMany = (
  tasks: readonly CompileTask[],
  ground: Ground,
  lists: Pick<Lists, 'get'> | undefined,
  onDone: () => void,
) => Promise<readonly CompileOutcome[]> | undefined;

export interface CompileAllOptions {
  /** The files of the tasks. */
  readonly files: readonly RuleFile[];
  readonly cache?: RuleCache;
  readonly lists?: Lists;
  readonly compileMany?: CompileMany;
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Compiles rules, but for those whose result is known. Compiling shows which URLs a rule reads; rules that read some are compiled again when
 * their content is there.
 */
export async function compileAll(
  tasks: readonly CompileTask[],
  ground: Ground,
  options: CompileAllOptions,
): Promise<readonly CompiledRule[]> {
  const { cache, lists } = options;
  const keys = tasks.map((task, i) => cache && keyOf(task, options.files[i]!, ground));
  const first = await round(
    tasks.map((_, i) => i),
    tasks,
    ground,
    options,
    (i) => keys[i],
  );
  const withLists = lists ? first.flatMap(({ urls }, i) => (urls.length > 0 ? [i] : [])) : [];
  await lists?.load([...new Set(first.flatMap(({ urls }) => urls))]);
  const reading = tasks.map((task, i) => ({ ...task, urls: first[i]!.urls }));
  const second = await round(withLists, reading, ground, options, (i) =>
    keys[i] === undefined
      ? undefined
      : fingerprint(
          keys[i],
          first[i]!.urls.map((url) => [url, lists?.get(url)]),
        ),
  );
  const result = first.map(({ compiled }) => compiled);
  withLists.forEach((task, i) => {
    result[task] = second[i]!.compiled;
  });
  return result;
}

/** Outcomes of some of the tasks, in their order: those that are kept, and the others worked out. */
async function round(
  chosen: readonly number[],
  tasks: readonly CompileTask[],
  ground: Ground,
  { files, cache, lists, compileMany, onProgress }: CompileAllOptions,
  keyOfTask: (task: number) => string | undefined,
): Promise<readonly CompileOutcome[]> {
  const keys = chosen.map(keyOfTask);
  const outcomes = keys.map((key) => (key === undefined ? undefined : cache?.get(key)) as CompileOutcome | undefined);
  const missing = outcomes.flatMap((outcome, i) => (outcome ? [] : [i]));
  let done = 0;
  const onDone = (): void => onProgress?.(++done, missing.length);
  const elsewhere = compileMany?.(
    missing.map((i) => tasks[chosen[i]!]!),
    ground,
    lists,
    onDone,
  );
  const made = elsewhere
    ? await elsewhere
    : missing.map((i) => {
        const task = chosen[i]!;
        const outcome = ground.compilation.compile(files[task]!, tasks[task]!, lists);
        onDone();
        return outcome;
      });
  missing.forEach((i, n) => {
    outcomes[i] = made[n]!;
    const key = keys[i];
    if (key !== undefined) cache?.put(key, made[n]);
  });
  return outcomes as CompileOutcome[];
}

/** Of all that a rule is compiled from, but for lists. */
function keyOf(task: CompileTask, file: RuleFile, ground: Ground): string {
  const { text, ...rest } = task;
  const exclusions = task.settings?.exclusions.map(({ predicate }) => predicate) ?? [];
  const own = ground.fingerprintFor([file.query ?? '', ...exclusions]);
  return fingerprint('compiled', rest, fingerprintOfText(text), own);
}

let last = { text: '', fingerprint: '' };

/** A file of many rules is one text for all of them. */
function fingerprintOfText(text: string): string {
  if (last.fingerprint === '' || last.text !== text) last = { text, fingerprint: fingerprint(text) };
  return last.fingerprint;
}
