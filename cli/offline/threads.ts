import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { InvalidArgumentError } from 'commander';

/** `--jobs N`. */
export function jobsOption(text: string): number {
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 256)
    throw new InvalidArgumentError('it must be a number from 1 to 256.');
  return jobs;
}

export const JOBS_HELP = 'threads to work on (default: as many as there are cores)';

export const defaultJobs = (): number => availableParallelism();

/** The program of a thread, which lies beside the running one or above the part that runs; undefined where that was not bundled with it. */
export const threadProgram = (name: string): string | undefined =>
  [__dirname, dirname(__dirname)].map((folder) => join(folder, `${name}.js`)).find((path) => existsSync(path));

interface Waiting<Answer> {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** A thread that answers requests in their order. When it ends before its time, those that wait are rejected. */
export class Thread<Request, Answer> {
  private readonly worker: Worker;
  private readonly waiting: Waiting<Answer>[] = [];
  private ended: Error | undefined;

  constructor(program: string, data: unknown) {
    this.worker = new Worker(program, { workerData: data });
    this.worker.on('message', (answer: Answer) => this.waiting.shift()?.resolve(answer));
    this.worker.on('error', (error) => this.end(error instanceof Error ? error : new Error(String(error))));
    this.worker.on('exit', (code) => this.end(new Error(`a thread ended with ${code}`)));
  }

  ask(request: Request, transfer: readonly ArrayBuffer[] = []): Promise<Answer> {
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker.postMessage(request, transfer);
    });
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  private end(error: Error): void {
    this.ended ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.ended);
  }
}
