import { parentPort, workerData } from 'node:worker_threads';
import { Compilation, type GroundData } from '../src/rules/compile-task';
import { readRule } from '../src/rules/read';
import type { CompileAnswer, CompileRequest } from './offline/compile-messages';

const compilation = new Compilation(workerData as GroundData);

parentPort!.on('message', ({ task, lists }: CompileRequest) => {
  const known = new Map(lists);
  const file = readRule(task.text, task.file, { hunting: task.hunting });
  const answer: CompileAnswer = compilation.compile(file, task, { get: (url) => known.get(url) });
  parentPort!.postMessage(answer);
});
