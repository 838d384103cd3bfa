import { parentPort, workerData } from 'node:worker_threads';
import { Compilation, type CompileTask, type GroundData } from '../src/rules/compile-task';
import { parseRuleFile, type RuleFile, readRules } from '../src/rules/read';
import type { CompileAnswer, CompileRequest } from './offline/compile-messages';

const compilation = new Compilation(workerData as GroundData);

let last: { readonly file: string; readonly text: string; readonly rules: readonly RuleFile[] } | undefined;

/** A file of many rules is read once for those that come here one after another. */
function ruleOf({ file, text, index, hunting }: CompileTask): RuleFile {
  if (last?.file !== file || last.text !== text)
    last = { file, text, rules: readRules(parseRuleFile(text, file), file, { hunting }).rules };
  return last.rules[index]!;
}

parentPort!.on('message', ({ task, lists }: CompileRequest) => {
  const known = new Map(lists);
  const answer: CompileAnswer = compilation.compile(ruleOf(task), task, { get: (url) => known.get(url) });
  parentPort!.postMessage(answer);
});
