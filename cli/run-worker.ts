import { parentPort, workerData } from 'node:worker_threads';
import { ownPiece } from './io/pieces';
import { PieceRun } from './offline/piece-run';
import type { RunAnswer, RunRequest, RunSetup } from './offline/run-messages';

const { plans, partition, now } = workerData as RunSetup;
const own = new PieceRun(plans, partition, now);

async function answer(request: RunRequest): Promise<RunAnswer> {
  try {
    if (request.kind === 'state') return { kind: 'state', state: own.run.state() };
    return { kind: 'piece', outcome: await own.evaluate(ownPiece(request.piece)) };
  } catch (error) {
    return { kind: 'fault', message: error instanceof Error ? error.message : String(error) };
  }
}

// One after the other: the next piece is read into the memory of the one before.
let last: Promise<unknown> = Promise.resolve();
parentPort!.on('message', (request: RunRequest) => {
  last = last.then(async () => parentPort!.postMessage(await answer(request)));
});
