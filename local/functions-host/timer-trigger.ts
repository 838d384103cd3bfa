import { messageOf } from '../../src/state/message';
import { requireSetting, resolveSettings } from './app-settings';
import type { RegisteredFunction } from './core-module';
import type { Report } from './events';
import type { Invoker } from './invoker';
import { parseNcrontab, type Schedule } from './ncrontab';
import { sleep } from './retry-policy';
import { type Outcome, runFunction } from './run-function';
import { type TimerStatus, TimerStatusStore } from './timer-status';
import type { RunningTrigger } from './triggers';

const MINUTE_MS = 60_000;
/** setTimeout takes no more than this. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;
const NEVER = '0001-01-01T00:00:00';

export interface TimerTriggerContext {
  invoker: Invoker;
  report: Report;
  env: NodeJS.ProcessEnv;
  hostId: string;
}

export interface RunningTimer extends RunningTrigger {
  /** Runs the function now (after a run that is under way) and resolves with how it ended. */
  invokeNow(): Promise<Outcome>;
}

/**
 * Starts a timer. Runs never overlap. The last run is kept in blob storage when the schedule is of a minute or more
 * (and `useMonitor` is not false), so that a run missed while the host was down is made up for at start, past due.
 */
export async function startTimerTrigger(fn: RegisteredFunction, context: TimerTriggerContext): Promise<RunningTimer> {
  const where = `function "${fn.metadata.name}"`;
  const text = fn.trigger.schedule;
  if (typeof text !== 'string') throw new Error(`${where}: its timer has no schedule`);
  let schedule: Schedule;
  try {
    schedule = parseNcrontab(resolveSettings(text, where, context.env));
  } catch (error) {
    throw new Error(`${where}: ${messageOf(error)}`);
  }
  const monitored = fn.trigger.useMonitor !== false && isMinuteOrMore(schedule);
  const store = monitored
    ? new TimerStatusStore(requireSetting('AzureWebJobsStorage', where, context.env), context.hostId)
    : undefined;
  const timer = new Timer(fn, context, schedule, store);
  await timer.start();
  return timer;
}

function isMinuteOrMore(schedule: Schedule): boolean {
  let at = Date.now();
  for (let i = 0; i < 5; i++) {
    const next = schedule.next(at);
    if (next === undefined) return true;
    if (i > 0 && next - at < MINUTE_MS) return false;
    at = next;
  }
  return true;
}

class Timer implements RunningTimer {
  readonly #fn: RegisteredFunction;
  readonly #context: TimerTriggerContext;
  readonly #schedule: Schedule;
  readonly #store: TimerStatusStore | undefined;
  readonly #abort = new AbortController();
  #status: TimerStatus | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #loop: Promise<void> = Promise.resolve();

  constructor(
    fn: RegisteredFunction,
    context: TimerTriggerContext,
    schedule: Schedule,
    store: TimerStatusStore | undefined,
  ) {
    this.#fn = fn;
    this.#context = context;
    this.#schedule = schedule;
    this.#store = store;
  }

  async start(): Promise<void> {
    this.#status = await this.#store?.read(this.#fn.metadata.name);
    const missed = this.#status !== undefined && Date.parse(this.#status.Next) < Date.now();
    if (this.#status === undefined) await this.#remember(undefined);
    this.#loop = this.#run(missed);
  }

  async #run(missed: boolean): Promise<void> {
    if (missed) await this.#enqueue(true);
    else if (this.#fn.trigger.runOnStartup === true) await this.#enqueue(false);
    while (!this.#abort.signal.aborted) {
      const due = this.#schedule.next(Date.now());
      if (due === undefined) return;
      while (Date.now() < due && !this.#abort.signal.aborted) {
        await sleep(Math.min(due - Date.now(), LONGEST_SLEEP_MS), this.#abort.signal);
      }
      if (!this.#abort.signal.aborted) await this.#enqueue(false);
    }
  }

  invokeNow(): Promise<Outcome> {
    return this.#enqueue(false);
  }

  #enqueue(isPastDue: boolean): Promise<Outcome> {
    const run = this.#queue.then(() => this.#invoke(isPastDue));
    this.#queue = run.catch(() => {});
    return run;
  }

  async #invoke(isPastDue: boolean): Promise<Outcome> {
    if (this.#abort.signal.aborted) return { status: 'cancelled' };
    const { Last = NEVER, Next = NEVER, LastUpdated = NEVER } = this.#status ?? {};
    const timer = {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: this.#store ? { Last, Next, LastUpdated } : null,
      IsPastDue: isPastDue,
    };
    const data = { json: JSON.stringify(timer) };
    const request = { inputData: [{ name: this.#fn.trigger.name, data }], triggerMetadata: { TimerTrigger: data } };
    const started = Date.now();
    const { invoker, report } = this.#context;
    const outcome = await runFunction(invoker, this.#fn, request, report, this.#abort.signal);
    if (outcome.status !== 'cancelled') await this.#remember(started);
    return outcome;
  }

  /** Keeps the run; a storage fault is reported and does not end the timer. */
  async #remember(ranAt: number | undefined): Promise<void> {
    const now = Date.now();
    const next = this.#schedule.next(now);
    this.#status = {
      Last: ranAt === undefined ? NEVER : new Date(ranAt).toISOString(),
      Next: next === undefined ? NEVER : new Date(next).toISOString(),
      LastUpdated: new Date(ranAt ?? now).toISOString(),
    };
    const { name } = this.#fn.metadata;
    try {
      await this.#store?.write(name, this.#status);
    } catch (error) {
      this.#context.report({
        type: 'log',
        level: 'warning',
        category: name,
        message: `timer status: ${messageOf(error)}`,
      });
    }
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#loop;
    await this.#queue;
  }
}
