import { parentPort, workerData } from 'node:worker_threads';
import { WorkFault } from '../src/board/source';
import type { WorkAnswer, WorkerSetup, WorkRequest } from './board/messages';
import { saveRule } from './board/save-rule';
import { checkQuery, completeQuery, tryQuery } from './board/try-query';
import { bodiesOf } from './board/work-events';
import { runFunnels } from './explain/funnel';
import { note } from './io/output';
import { openWorkspace } from './offline/workspace';

const setup = workerData as WorkerSetup;
/** Lists of the network are those of earlier runs: a page that is looked at fetches nothing. */
const workspace = openWorkspace(setup.rules, { tables: setup.tables, offline: true }, { orEmpty: true });

async function answer(request: WorkRequest): Promise<unknown> {
  const { rules, compiler } = await workspace;
  switch (request.kind) {
    case 'check':
      return checkQuery(compiler, request.query);
    case 'complete':
      return completeQuery(compiler, request.query, request.position);
    case 'run':
      return tryQuery(compiler, request.query, request.events);
    case 'save':
      if (setup.saveTo === undefined) throw new WorkFault('rules are not saved from here');
      return saveRule(request.draft, request.events, setup.saveTo);
    case 'funnel': {
      const rule = rules.find(({ plan }) => plan?.rule.id === request.ruleId);
      if (!rule) throw new WorkFault('the file of this rule is not at hand: begin the board where its rules are');
      const [result] = await runFunnels([rule], bodiesOf(request.events), () => undefined, note);
      return result;
    }
  }
}

// One after the other: each has the thread for itself, and its memory.
let last: Promise<unknown> = Promise.resolve();
parentPort!.on('message', (request: WorkRequest & { readonly id: number }) => {
  last = last.then(async () => {
    const { id } = request;
    let reply: WorkAnswer;
    try {
      reply = { id, result: await answer(request) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      reply = error instanceof WorkFault ? { id, fault: message } : { id, error: message };
    }
    parentPort!.postMessage(reply);
  });
});
