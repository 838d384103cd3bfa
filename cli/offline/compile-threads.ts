import type { CompileMany } from '../../src/rules/compile-all';
import type { CompileOutcome, CompileTask, GroundData, Lists } from '../../src/rules/compile-task';
import type { CompileAnswer, CompileRequest } from './compile-messages';
import { Thread, threadProgram } from './threads';

/** For fewer rules a thread is not worth what it costs to load the parser once more. */
const RULES_A_THREAD = 12;

/** Compiles many rules on several threads, each with a parser of its own; few of them where they are asked for. */
export function compileOnThreads(jobs: number, program = threadProgram('compile-worker')): CompileMany {
  return (tasks, ground, lists, onDone) => {
    const threads = Math.min(jobs, Math.floor(tasks.length / RULES_A_THREAD));
    if (!program || threads < 2) return undefined;
    const { tables, functions, watchlists } = ground;
    return compileIn(threads, program, { tables, functions, watchlists }, tasks, lists, onDone);
  };
}

async function compileIn(
  threads: number,
  program: string,
  ground: GroundData,
  tasks: readonly CompileTask[],
  lists: Pick<Lists, 'get'> | undefined,
  onDone: () => void,
): Promise<readonly CompileOutcome[]> {
  const outcomes: CompileOutcome[] = [];
  let next = 0;
  const pool = Array.from({ length: threads }, () => new Thread<CompileRequest, CompileAnswer>(program, ground));
  const work = async (thread: Thread<CompileRequest, CompileAnswer>): Promise<void> => {
    for (let i = next++; i < tasks.length; i = next++) {
      const task = tasks[i]!;
      const contents = (task.urls ?? []).flatMap((url) => {
        const content = lists?.get(url);
        return content ? [[url, content] as const] : [];
      });
      try {
        outcomes[i] = await thread.ask({ task, lists: contents });
      } catch (error) {
        throw new Error(`${task.file}: could not be compiled: ${(error as Error).message}`, { cause: error });
      }
      onDone();
    }
  };
  try {
    await Promise.all(pool.map(work));
  } finally {
    await Promise.all(pool.map((thread) => thread.stop()));
  }
  return outcomes;
}
