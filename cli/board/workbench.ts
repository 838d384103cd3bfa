import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Workbench, WorkFault, type WorkInput } from '../../src/board/source';
import type { CheckView, CompletionView, RunView } from '../../src/board/types';
import { projectRoot } from '../io/paths';
import type { WorkAnswer, WorkEvents, WorkerSetup, WorkRequest } from './messages';

/** Bodies of the messages of the last minutes, the oldest first. */
export type EventSample = (minutes: number) => Promise<readonly Uint8Array[]>;

export interface WorkbenchOptions extends WorkerSetup {
  readonly sample?: EventSample;
}

/** A query may take so long, and the first one waits for the parser too. ms. */
const LONGEST = 60_000;
const MEGABYTES = 1_536;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Compiles and runs what people try, on a thread of its own: a query that takes too long or too much memory costs the thread and nothing
 * else.
 */
export class ThreadWorkbench implements Workbench {
  readonly hasSample: boolean;
  readonly save: Workbench['save'];
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  constructor(private readonly options: WorkbenchOptions) {
    this.hasSample = options.sample !== undefined;
    if (options.saveTo !== undefined)
      this.save = async ({ input, ...draft }) => {
        const saved = await this.ask({ kind: 'save', draft, events: await this.eventsOf(input) });
        // The next question finds the rule among the others.
        await this.stop();
        return saved as { rule: string; test: string };
      };
  }

  check(query: string): Promise<CheckView> {
    return this.ask({ kind: 'check', query }) as Promise<CheckView>;
  }

  complete(query: string, position: number): Promise<CompletionView> {
    return this.ask({ kind: 'complete', query, position }) as Promise<CompletionView>;
  }

  async run(query: string, input: WorkInput): Promise<RunView> {
    return (await this.ask({ kind: 'run', query, events: await this.eventsOf(input) })) as RunView;
  }

  async funnel(ruleId: string, input: WorkInput): Promise<unknown> {
    return this.ask({ kind: 'funnel', ruleId, events: await this.eventsOf(input) });
  }

  async stop(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private async eventsOf(input: WorkInput): Promise<WorkEvents> {
    if ('file' in input) return input;
    if (!this.options.sample) throw new WorkFault('there is no sample here: drop a file with events');
    return { bodies: await this.options.sample(input.minutes) };
  }

  private async ask(request: WorkRequest): Promise<unknown> {
    this.worker ??= this.start();
    const { worker } = this;
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.end(worker, new WorkFault(`it took more than ${LONGEST / 1000} s and was stopped`));
        void worker.terminate();
      }, LONGEST);
      this.waiting.set(id, { resolve, reject, timer });
      worker.postMessage({ id, ...request });
    });
  }

  private start(): Worker {
    const { rules, tables, saveTo } = this.options;
    const workerData: WorkerSetup = { rules, tables, saveTo };
    const worker = new Worker(join(projectRoot(), 'dist', 'cli', 'board-worker.js'), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
    });
    // It must not keep a process alive that has nothing else to do.
    worker.unref();
    worker.on('message', (answer: WorkAnswer) => {
      const one = this.waiting.get(answer.id);
      if (!one) return;
      this.waiting.delete(answer.id);
      clearTimeout(one.timer);
      if ('result' in answer) one.resolve(answer.result);
      else one.reject('fault' in answer ? new WorkFault(answer.fault) : new Error(answer.error));
    });
    worker.on('error', (error) => {
      const tooMuch = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.end(worker, tooMuch ? new WorkFault('it took too much memory: try fewer events') : error);
    });
    worker.on('exit', () => this.end(worker, new WorkFault('the workbench was stopped: try again')));
    return worker;
  }

  /** Whoever waits for this thread is told; the next question starts another. */
  private end(worker: Worker, error: Error): void {
    if (this.worker !== worker && this.worker !== undefined) return;
    this.worker = undefined;
    for (const [id, { reject, timer }] of this.waiting) {
      this.waiting.delete(id);
      clearTimeout(timer);
      reject(error);
    }
  }
}
