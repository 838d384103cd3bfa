import { Worker } from 'node:worker_threads';

/** How long events may be worked on without a sign of life, seconds. A message takes milliseconds; a slow one, a few seconds. */
const LIMIT_SECONDS = 60;

/**
 * In a thread of its own: what hangs the process leaves it nothing else. It counts its own ticks rather than look at a clock: of a process
 * that was stopped for a while as a whole it has counted none. Only a signal ends the process from here, and no handler would run.
 */
const SOURCE = `
const { parentPort, workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const beats = new Int32Array(workerData.beats);
let last = -1, ticks = 0;
setInterval(() => {
  const now = Atomics.load(beats, 0);
  ticks = now === last ? ticks + 1 : 0;
  last = now;
  if (ticks < workerData.limit) return;
  const line = { level: 'error', message: 'evaluation hangs: the process ends', seconds: ticks };
  try { writeSync(2, JSON.stringify(line) + '\\n'); } finally { process.kill(process.pid, 'SIGKILL'); }
}, 1000);
`;

/**
 * Ends the process when it hangs: when neither its event loop has turned nor {@link beat} was called for a minute. The Functions host would
 * end it too, but only after `functionTimeout`, ten minutes; five such ends, which it takes to be sure of a message, would be most of an hour.
 */
export class Watchdog {
  private readonly beats = new Int32Array(new SharedArrayBuffer(4));
  private readonly worker: Worker;
  private readonly timer: NodeJS.Timeout;

  constructor(limitSeconds = LIMIT_SECONDS) {
    this.timer = setInterval(this.beat, 500).unref();
    const workerData = { beats: this.beats.buffer, limit: limitSeconds };
    this.worker = new Worker(SOURCE, { eval: true, workerData, resourceLimits: { maxOldGenerationSizeMb: 16 } });
    // It must not keep a process that is done, nor end one where a thread cannot be had: the host's own bound is left.
    this.worker.unref();
    this.worker.on('error', () => undefined);
  }

  /** A sign of life from work that leaves the event loop no turn. Cheap. */
  readonly beat = (): void => {
    Atomics.add(this.beats, 0, 1);
  };

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.worker.terminate();
  }
}
