import type { HubMessage } from '../events/types';
import type { Attempt, Attempts } from './attempts';
import { type BatchWatch, UNWATCHED } from './batch-watch';
import { progressKey } from './progress';
import type { Batch, EvaluateResult, LogEvent } from './types';

/** Attempts at a batch as a whole that are noted, before its messages are taken one by one. */
const WHOLE_ATTEMPTS = 2;
/** Attempts at one step of one message before it is given up. */
const STEP_ATTEMPTS = 2;
/** How long one call may take before the rest of the batch is left to the next, ms: well below `functionTimeout` of host.json, 10 minutes. */
const BUDGET_MS = 240_000;
/** How often a long call notes how far it has come, ms. */
const NOTE_EVERY_MS = 10_000;

/** A batch took its time; what was done is durable, and the host is to deliver it again for the rest. */
export class OutOfTime extends Error {
  constructor() {
    super('the batch is not done yet: it is to be delivered again for the rest');
    this.name = 'OutOfTime';
  }
}

export interface GuardOptions {
  readonly attempts: Attempts;
  readonly log: (event: LogEvent) => void;
  /** Called often while events are worked on, never while nothing is: silence in between is a hang. */
  readonly beat?: () => void;
  readonly budgetMs?: number;
}

const COUNT = 'count ';
const UNTRIED = { step: '', tries: 0, given: [], counting: false } as const;

type Evaluate = (batch: Batch, watch: BatchWatch) => Promise<EvaluateResult>;

/**
 * Evaluates batches so that no message can hold up its partition: one that ends the process (or hangs, so that the process is ended) goes
 * to dead letters, and everything else is counted once.
 *
 * A process that dies can write nothing, so what tells of its attempt must be written before. In the usual case that would be a request a
 * batch; but a process that has evaluated the messages just before these is alive and well, and need not note that it begins. So an attempt
 * is noted by a process only for its first batch of a partition, and removed after it: a few requests in the life of a process. One that dies
 * at a later batch has left no note; the process that comes in its place takes that batch first, notes it, and dies knowingly. Each death
 * thus counts but the first one.
 *
 * 1. A batch that two noted attempts have not finished is taken message by message, and each is noted before it is read: the next death
 *    names the message (in one death, where halving would take nine). Before its rows are counted into a state partition, that is noted too.
 * 2. A message at which two processes died while they read it is not read again, but goes to dead letters as `poison`, as it came. It was
 *    counted by nobody, so that it can be sent again after a repair. Where they died counting it into a state partition, it is counted into
 *    all others, and dead letters tell of the rules of that one.
 *
 * A process that dies takes batches of other partitions with it. So one that was begun before is evaluated while no other such batch is: each
 * of its further attempts is then its own, and what only stood beside a hostile message is done before or after it.
 *
 * What fails by an error is no attempt: the process is there to take its note back. A call that takes long notes how far it has come, and
 * leaves the rest to the next one well before the host would end the process. What is durable is skipped then, as if the host had
 * checkpointed it.
 */
export class Guard {
  /** By partition: the last message that this process has evaluated, so that the one after it is begun without a note. */
  private readonly finished = new Map<string, number>();
  /** The batches that were begun before, one after another. */
  private turn: Promise<unknown> = Promise.resolve();
  /** By partition: what the note should say, where taking it back has failed. */
  private readonly owed = new Map<string, Attempt | undefined>();

  constructor(
    private readonly evaluateBatch: Evaluate,
    private readonly options: GuardOptions,
  ) {}

  /** Throws OutOfTime, and what the evaluation throws: the batch must be delivered again. */
  async evaluate(batch: Batch): Promise<EvaluateResult> {
    const first = batch.messages[0];
    const last = batch.messages.at(-1);
    if (!first || !last) return this.evaluateBatch(batch, UNWATCHED);
    const partition = progressKey(batch.source);
    const isKnown = this.finished.get(partition) === first.sequenceNumber - 1;
    this.finished.delete(partition);
    const found = isKnown ? undefined : await this.found(partition);
    // Another process has come further, or this batch ends before what was tried: neither is for this call to note.
    const isElsewhere = found !== undefined && found.from > last.sequenceNumber;
    const before = found && found.from >= first.sequenceNumber && !isElsewhere ? found : undefined;
    const call = new Call(partition, first.sequenceNumber, before, this.options);
    const run = (): Promise<EvaluateResult> => this.run(batch, call, before, { isNoted: !isKnown && !isElsewhere });
    const result = await (before && before.attempts > 0 ? this.alone(run) : run());
    if (!isElsewhere) this.finished.set(partition, last.sequenceNumber);
    return result;
  }

  private alone<T>(action: () => Promise<T>): Promise<T> {
    const result = this.turn.then(action);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async run(
    batch: Batch,
    call: Call,
    before: Attempt | undefined,
    { isNoted }: { isNoted: boolean },
  ): Promise<EvaluateResult> {
    const rest = { ...batch, messages: batch.messages.filter(({ sequenceNumber }) => sequenceNumber >= call.from) };
    try {
      if (isNoted) await call.begin();
      this.owed.delete(call.partition);
      this.tell(batch, before);
      const isWhole = (before?.attempts ?? 0) < WHOLE_ATTEMPTS;
      const result = isWhole ? await this.evaluateBatch(rest, call) : await this.oneByOne(rest, call);
      await call.end();
      return result;
    } catch (error) {
      // Whatever it was, this process lives, and has not been at fault.
      if (call.isNoted) await call.takeBack().catch(() => this.owed.set(call.partition, call.withoutOwn));
      throw error;
    }
  }

  private async found(partition: string): Promise<Attempt | undefined> {
    return this.owed.has(partition) ? this.owed.get(partition) : this.options.attempts.read(partition);
  }

  private tell({ source: { hub, partition }, messages }: Batch, before: Attempt | undefined): void {
    if (!before || before.attempts === 0) return;
    const { attempts, from, since } = before;
    const to = messages.at(-1)!.sequenceNumber;
    const seconds = Math.round((Date.now() - since) / 1000);
    // One may be another process that has just lost the partition.
    const level = attempts < WHOLE_ATTEMPTS ? 'warn' : 'error';
    this.options.log({ level, message: 'batch begun again', hub, partition, from, to, attempts, seconds });
  }

  private async oneByOne(batch: Batch, call: Call): Promise<EvaluateResult> {
    let total: EvaluateResult | undefined;
    for (const message of batch.messages) {
      await call.take(message);
      if (call.poison(message)) {
        const { hub, partition } = batch.source;
        const { sequenceNumber } = message;
        this.options.log({ level: 'error', message: 'poison message put aside', hub, partition, sequenceNumber });
      }
      const result = await this.evaluateBatch({ ...batch, messages: [message] }, call);
      total = total ? sum(total, result) : result;
      call.passed(message.sequenceNumber);
      if (message !== batch.messages.at(-1)) call.checkTime();
    }
    return total!;
  }
}

/** One call, with the note of its attempt. */
class Call implements BatchWatch {
  private readonly begun = performance.now();
  private notedAt = this.begun;
  /** What is in the store; undefined: nothing of this call. */
  private note: Attempt | undefined;
  isOneByOne = false;
  /** What was noted of the message that is taken now. */
  private tried: Attempt | undefined;
  private poisoned: { sequenceNumber: number; isCounted: boolean } | undefined;
  /** All messages before are durable. */
  private position: number;

  constructor(
    readonly partition: string,
    private readonly first: number,
    private readonly before: Attempt | undefined,
    private readonly options: GuardOptions,
  ) {
    this.position = before?.from ?? first;
  }

  get from(): number {
    return this.position;
  }

  get isNoted(): boolean {
    return this.note !== undefined;
  }

  beat(): void {
    this.options.beat?.();
  }

  async begin(): Promise<void> {
    const before = this.before ?? { ...UNTRIED, from: this.position, attempts: 0, since: Date.now() };
    await this.write({ ...before, attempts: before.attempts + 1 });
  }

  /** A message is to be read, alone. */
  async take({ sequenceNumber }: HubMessage): Promise<void> {
    this.isOneByOne = true;
    const noted = this.note!;
    const last =
      noted.from === sequenceNumber
        ? noted
        : { ...noted, step: '' as const, tries: 0, given: [], counting: false, since: Date.now() };
    const isTried = last.tries >= STEP_ATTEMPTS;
    const given = isTried && last.step.startsWith(COUNT) ? [...last.given, last.step.slice(COUNT.length)] : last.given;
    this.position = sequenceNumber;
    this.tried = isTried ? undefined : last;
    this.poisoned = isTried && last.step === 'read' ? { sequenceNumber, isCounted: last.counting } : undefined;
    const tries = last.step === 'read' && !isTried ? last.tries + 1 : 1;
    await this.write({ ...last, from: sequenceNumber, step: 'read', tries, given });
  }

  poison({ sequenceNumber }: HubMessage): { isCounted: boolean } | undefined {
    return this.poisoned?.sequenceNumber === sequenceNumber ? this.poisoned : undefined;
  }

  async mayCount(statePartition: string): Promise<boolean> {
    if (!this.isOneByOne || !this.note) return true;
    if (this.note.given.includes(statePartition)) return false;
    const step = `${COUNT}${statePartition}` as const;
    await this.write({
      ...this.note,
      step,
      tries: this.tried?.step === step ? this.tried.tries + 1 : 1,
      counting: true,
    });
    return true;
  }

  async durable(sequenceNumber: number): Promise<void> {
    this.position = sequenceNumber + 1;
    const now = performance.now();
    if (this.note || this.isLate(now) || now - this.notedAt >= NOTE_EVERY_MS)
      await this.write({ ...UNTRIED, from: this.position, attempts: 1, since: Date.now() });
    this.checkTime();
  }

  /** A message that was taken alone is durable; the next to be taken notes it. */
  passed(sequenceNumber: number): void {
    this.position = sequenceNumber + 1;
    if (this.note) this.note = { ...this.note, ...UNTRIED, from: this.position, since: Date.now() };
  }

  /** Throws OutOfTime. */
  checkTime(): void {
    if (this.isLate(performance.now())) throw new OutOfTime();
  }

  private isLate(now: number): boolean {
    return now - this.begun >= (this.options.budgetMs ?? BUDGET_MS);
  }

  private async write(attempt: Attempt): Promise<void> {
    await this.options.attempts.write(this.partition, attempt);
    this.note = attempt;
    this.notedAt = performance.now();
  }

  async end(): Promise<void> {
    if (this.note) await this.options.attempts.clear(this.partition);
    this.note = undefined;
  }

  /** What the note would say had this call not been; how far it has come stays. */
  get withoutOwn(): Attempt | undefined {
    const { note, before } = this;
    if (!note || note.from === (before?.from ?? this.first)) return before;
    return { ...note, ...UNTRIED, attempts: this.isOneByOne ? before!.attempts : 0 };
  }

  async takeBack(): Promise<void> {
    const without = this.withoutOwn;
    if (without) await this.options.attempts.write(this.partition, without);
    else await this.options.attempts.clear(this.partition);
  }
}

function sum(a: EvaluateResult, b: EvaluateResult): EvaluateResult {
  return Object.fromEntries(
    (Object.keys(a) as (keyof EvaluateResult)[]).map((name) => [name, a[name] + b[name]]),
  ) as unknown as EvaluateResult;
}
