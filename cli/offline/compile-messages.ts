import type { ListContent, ListFault } from '../../src/compiler/compile';
import type { CompileOutcome, CompileTask } from '../../src/rules/compile-task';

/** What a thread that compiles is asked. */
export interface CompileRequest {
  readonly task: CompileTask;
  /** Content of URLs that the rule is known to read. */
  readonly lists: readonly (readonly [string, ListContent | ListFault])[];
}

export type CompileAnswer = CompileOutcome;
