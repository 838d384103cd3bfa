import { setImmediate } from 'node:timers/promises';
import type { LogEvent } from '../../src/engine';
import type { RulePlan } from '../../src/plan/rule-plan';
import { type Piece, piecesOf, transferOf } from '../io/pieces';
import { sizeOf } from '../io/sources';
import type { OfflineResult } from './offline';
import { type PieceOutcome, PieceRun } from './piece-run';
import type { RunAnswer, RunRequest, RunSetup } from './run-messages';
import { defaultJobs, Thread, threadProgram } from './threads';
import { type UnreadCount, UnreadTally } from './unread';

export interface RunFilesOptions {
  readonly plans: readonly RulePlan[];
  readonly files: readonly string[];
  /** Threads, this one among them. Absent: as many as there are cores, fewer for inputs that are not worth it. */
  readonly jobs?: number;
  /** The program of a thread; absent: the one that was bundled with this. */
  readonly program?: string;
  /** Of a piece, bytes. */
  readonly pieceBytes?: number;
  readonly onProgress?: (messages: number, records: number) => void;
  readonly log: (event: LogEvent) => void;
}

export interface RunFilesResult extends OfflineResult {
  readonly messages: number;
  /** What could not be read or evaluated, by file, in the order of the files. */
  readonly unread: readonly { readonly file: string; readonly counts: readonly UnreadCount[] }[];
}

/** Bytes for which another thread is begun: it costs a tenth of a second. */
const BYTES_A_THREAD = 16 * 1024 * 1024;
/** Of a packed file, and of standard input. */
const PACKED = 10;
/** Pieces that a thread is given ahead. */
const AHEAD = 2;

/**
 * Runs rules over files: every window is flushed by event time. Pieces of the files are evaluated on several threads, each as a partition of
 * a hub: what they come to is the same however they are dealt out. Throws Error, with the file's name, for what cannot be read.
 */
export async function runFiles(options: RunFilesOptions): Promise<RunFilesResult> {
  const { plans } = options;
  const now = Date.now();
  const own = new PieceRun(plans, '0', now);
  const program = options.program ?? threadProgram('run-worker');
  const others = program === undefined ? 0 : (options.jobs ?? Math.min(defaultJobs(), threadsFor(options.files))) - 1;
  const threads = Array.from({ length: others }, (_, i) => {
    const setup: RunSetup = { plans, partition: String(i + 1), now };
    return new RunThread(new Thread<RunRequest, RunAnswer>(program!, setup));
  });
  const ledger = new Ledger(options);
  try {
    await evaluateAll(options, own, threads, ledger);
    for (const thread of threads) own.run.take(await thread.state(), thread.counts);
    own.takeLogs();
    const result = await own.run.finish();
    for (const event of own.takeLogs()) options.log(event);
    return { ...result, messages: ledger.messages, unread: ledger.unread() };
  } finally {
    own.close();
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}

function threadsFor(files: readonly string[]): number {
  const bytes = files.map((file) => {
    if (file === '-') return Number.POSITIVE_INFINITY;
    const size = sizeOf(file);
    return /\.gz$/i.test(file) ? size * PACKED : size;
  });
  return Math.max(1, Math.floor(bytes.reduce((sum, size) => sum + size, 0) / BYTES_A_THREAD));
}

async function evaluateAll(
  { files, pieceBytes }: RunFilesOptions,
  own: PieceRun,
  threads: readonly RunThread[],
  ledger: Ledger,
): Promise<void> {
  let piece = 0;
  let isFailed = false;
  const running = new Set<Promise<void>>();
  for (const [file, path] of files.entries()) {
    for await (const one of piecesOf(path, pieceBytes)) {
      const number = piece++;
      const free = threads.filter(({ waiting }) => waiting < AHEAD).sort((a, b) => a.waiting - b.waiting)[0];
      if (free) {
        const work = free.evaluate(one).then((outcome) => ledger.add(number, file, outcome));
        running.add(work);
        const done = (): void => void running.delete(work);
        work.then(done, () => {
          isFailed = true;
        });
        continue;
      }
      ledger.add(number, file, await own.evaluate(one));
      // What threads have answered meanwhile is heard, and they are given more before this one goes on.
      if (threads.length > 0) await setImmediate();
      if (isFailed) await Promise.all(running);
    }
  }
  await Promise.all(running);
}

/** A thread that evaluates pieces. */
class RunThread {
  /** Pieces that it was given and has not answered. */
  waiting = 0;
  readonly counts = { records: 0, matches: 0 };

  constructor(private readonly thread: Thread<RunRequest, RunAnswer>) {}

  async evaluate(piece: Piece): Promise<PieceOutcome> {
    this.waiting++;
    try {
      const answer = await this.thread.ask({ kind: 'piece', piece }, transferOf(piece));
      if (answer.kind !== 'piece')
        throw new Error(answer.kind === 'fault' ? answer.message : `answered with ${answer.kind}`);
      this.counts.records += answer.outcome.records;
      this.counts.matches += answer.outcome.matches;
      return answer.outcome;
    } finally {
      this.waiting--;
    }
  }

  async state(): Promise<Parameters<PieceRun['run']['take']>[0]> {
    const answer = await this.thread.ask({ kind: 'state' });
    if (answer.kind !== 'state')
      throw new Error(answer.kind === 'fault' ? answer.message : `answered with ${answer.kind}`);
    return answer.state;
  }

  stop(): Promise<void> {
    return this.thread.stop();
  }
}

/** Outcomes of pieces, told in the order of the pieces. */
class Ledger {
  messages = 0;
  private records = 0;
  private next = 0;
  private readonly early = new Map<number, { readonly file: number; readonly outcome: PieceOutcome }>();
  private readonly tallies: UnreadTally[] = [];
  private readonly messagesOf: number[] = [];

  constructor(private readonly options: RunFilesOptions) {}

  add(piece: number, file: number, outcome: PieceOutcome): void {
    this.early.set(piece, { file, outcome });
    this.messages += outcome.messages;
    this.records += outcome.records;
    this.options.onProgress?.(this.messages, this.records);
    for (let one = this.early.get(this.next); one; one = this.early.get(this.next)) {
      this.early.delete(this.next++);
      this.tell(one.file, one.outcome);
    }
  }

  unread(): RunFilesResult['unread'] {
    return this.options.files.map((file, i) => ({ file, counts: this.tallies[i]?.list() ?? [] }));
  }

  private tell(file: number, { messages, unread, logs }: PieceOutcome): void {
    const before = this.messagesOf[file] ?? 0;
    this.messagesOf[file] = before + messages;
    this.tallies[file] ??= new UnreadTally();
    for (const { first, ...count } of unread)
      this.tallies[file].add({ ...count, first: { ...first, message: first.message + before } });
    for (const event of logs) this.options.log(event);
  }
}
