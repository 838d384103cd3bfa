import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { HostProcess } from '../../local/functions-host/process';
import type { Alert } from '../../src/alerts/alert';
import { createCompiler } from '../../src/compiler/compile';
import { readCursors } from '../../src/engine/rule-cursor';
import { formatDatetime, type Pipeline, ticksFromMs } from '../../src/kql';
import { parsePlans, planFileOf, planHash } from '../../src/plan/rule-plan';
import { partitionRange } from '../../src/state/store';
import { loadTables } from '../../src/tables';
import { type EventRow, fullAttack } from '../e2e/samples';
import { type AmqpFault, type AmqpProxy, startAmqpProxy } from '../support/amqp-proxy';
import type { Fault } from '../support/fault-proxy';
import { deployApp, ROOT, TestStack } from '../support/full-stack';
import type { Random } from '../support/random';
import { type StorageProxies, startStorageProxies } from '../support/storage-proxies';
import { storageStep } from '../support/storage-step';
import { batchAnswer, batchEvents, HOUR, MINUTE, type StreamEvent } from '../support/stream';
import { until } from '../support/until';
import { count } from './world';

const RULES = [
  'rules/lateral-movement-via-dcom.yaml',
  ...['count', 'by-computer', 'rows'].map((name) => `test/e2e/rules/${name}.yaml`),
];
/** A name of a computer that the storage is made to refuse. */
export const REJECTED = 'REJECTED-PC';
/** The machine is shared: a host can take long to come up. */
const PATIENCE = 120_000;

const COUNT = 'Events of an hour';

interface Rule {
  readonly name: string;
  readonly plan: Pipeline;
  readonly frequencyMs: number;
}

export type Role = 'evaluate' | 'flush';

/** What the test knows of a host: its proxies stay when it is killed and started again. */
export interface Worker {
  readonly name: string;
  readonly role: Role;
  readonly proxies: StorageProxies;
  readonly amqp: AmqpProxy;
  /** The process, or the one that is being started. */
  host: Promise<HostProcess>;
}

/** Whether a process is killed before or after its step was applied. */
type Side = 'before' | 'after';
const isSide = (fault: unknown): fault is Side => fault === 'before' || fault === 'after';

/** How a request to the storage is dealt with: passed on, failed, or the process killed `before` or `after` it is applied. */
export type Judge = (worker: Worker, step: string, body: Buffer) => Fault | Side;
/** The same for a frame between the process and the hub; its step is named by {@link amqpStep}. */
export type AmqpJudge = (worker: Worker, step: string) => Extract<AmqpFault, string> | Side;

/** The step of the protocol that a frame is, e.g. `amqp transfer of hub`. */
const amqpStep = (from: 'client' | 'hub', performative: string): string => `amqp ${performative} of ${from}`;

/**
 * The local stack with two processes that evaluate and one that flushes, each behind proxies of its own, events that flow, and a clock that the
 * test moves; at the end everything is compared with what the queries give in one batch.
 */
export class ProcessWorld {
  readonly workers: Worker[] = [];
  readonly events: StreamEvent[] = [];
  /** Steps of the protocol that were seen, by role. */
  readonly steps: Record<Role, Map<string, number>> = { evaluate: new Map(), flush: new Map() };
  judge: Judge = () => 'pass';
  judgeAmqp: AmqpJudge = () => 'pass';
  now: number;
  private readonly start: number;
  private readonly flushes = new Set<Promise<void>>();
  private numbers = 0;
  private deployments = 0;

  private constructor(
    readonly stack: TestStack,
    private readonly random: Random,
    private readonly rules: readonly Rule[],
    start: number,
    private readonly app: { readonly directory: string; remove(): void },
  ) {
    this.start = start;
    this.now = start;
  }

  static async create(random: Random): Promise<ProcessWorld> {
    const app = deployApp(RULES);
    const start = Date.UTC(2026, 1, 6, 8);
    const stack = await TestStack.start({
      app: app.directory,
      hubs: { events: 4 },
      hosts: [],
      ownershipExpiryMs: 1500,
      env: {
        OUTRIDER_MODE: 'live',
        OUTRIDER_GRACE: '5m',
        AzureFunctionsJobHost__extensions__eventHubs__maxEventBatchSize: '8',
      },
    });
    const world = new ProcessWorld(stack, random, compiled(), start, app);
    for (const [name, role] of [
      ['flush', 'flush'],
      ['first', 'evaluate'],
      ['second', 'evaluate'],
    ] as const) {
      const proxies = await startStorageProxies(stack.stack);
      const amqp = await startAmqpProxy(stack.stack.emulator.port);
      const worker = { name, role, proxies, amqp } as unknown as Worker;
      amqp.decide = (from, performative) => {
        const step = amqpStep(from, performative);
        return world.decide(worker, step, world.judgeAmqp(worker, step));
      };
      for (const kind of ['table', 'blob'] as const)
        proxies[kind].decide = (method, path, body) => {
          const step = storageStep(kind, method, path, body);
          return step === undefined ? 'pass' : world.decide(worker, step, world.judge(worker, step, body));
        };
      world.workers.push(worker);
    }
    try {
      await world.moveTo(start);
      for (const worker of world.workers) await world.launch(worker);
      await stack.flush();
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  /** What becomes of a step that a worker takes. */
  private decide<F>(worker: Worker, step: string, fault: F | Side) {
    count(this.steps[worker.role], step);
    return isSide(fault) ? killed(worker, fault) : fault;
  }

  /** Starts the process of a worker, e.g. in the place of one that was killed. It finds the rules deployed again, with another description. */
  async launch(worker: Worker): Promise<void> {
    this.deployAgain();
    const { eventHubs, emulator } = this.stack.stack;
    const env = {
      ...worker.proxies.env,
      EventHubConnection: eventHubs.replace(`:${emulator.port}`, `:${worker.amqp.port}`),
    };
    worker.host =
      worker.role === 'flush' ? this.stack.startFlushHost(env) : this.stack.startHost(['evaluate'], { env });
    await worker.host;
  }

  /** Other plans, of the same state and the same results. */
  private deployAgain(): void {
    const file = join(this.app.directory, 'dist', 'plans.json');
    const { rules } = parsePlans(readFileSync(file, 'utf8'));
    const description = `deployed the ${++this.deployments}. time`;
    const edited = rules.map((plan) => {
      const content = { ...plan, rule: { ...plan.rule, description } };
      return { ...content, hash: planHash(content) };
    });
    writeFileSync(file, JSON.stringify(planFileOf(edited)));
  }

  /** Kills the process of a worker, whatever it is at, and starts it again. */
  async restart(worker: Worker): Promise<void> {
    await (await worker.host).kill();
    await this.launch(worker);
  }

  /** Cuts all connections to the hub. */
  cutAmqp(): void {
    for (const { amqp } of this.workers) amqp.cut();
  }

  async moveTo(now: number): Promise<void> {
    this.now = now;
    await this.stack.stack.emulator.setTime(this.stack.stack.hub, now);
    this.stack.setFlushTime(now);
  }

  /** Events of a computer whose name the storage will not have. */
  async publishRejected(messages: number): Promise<void> {
    for (let i = 0; i < messages; i++) {
      const records = [this.row(this.now), { ...this.row(this.now), Computer: REJECTED }, this.row(this.now)];
      await this.send(records, i % 4);
    }
  }

  /** Some messages of some events, most of the last minutes, some late. */
  async publish(messages: number): Promise<void> {
    const { random } = this;
    for (let i = 0; i < messages; i++) {
      const records = Array.from({ length: 1 + random.below(6) }, () => {
        const late = random.chance(15) ? random.below(170) * MINUTE : 0;
        return this.row(Math.max(this.start, this.now - late - random.below(20 * MINUTE)));
      });
      await this.send(records, random.below(4));
    }
  }

  /** What could not be sent has not happened. */
  private async send(records: readonly EventRow[], partition: number): Promise<void> {
    const enqueued = this.now;
    await this.stack.publish([{ records }], String(partition));
    for (const fields of records) this.events.push({ table: 'Event', fields, enqueued });
  }

  private row(ms: number): EventRow {
    const { random } = this;
    const number = this.numbers++;
    const time = formatDatetime(ticksFromMs(ms) + BigInt(number % 10_000));
    const changes = { Computer: `PC${random.below(9)}`, RenderedDescription: `event ${number}` };
    const row = fullAttack(time, changes);
    const kind = random.below(3);
    return kind === 0 ? row : { ...row, EventID: kind === 1 ? 3 : 7, EventData: '<DataItem/>' };
  }

  /** Begins a flush unless one is under way, and does not wait for it: it may be killed. */
  flush(): void {
    if (this.flushes.size > 0) return;
    const flush = this.stack.flush().catch(() => {});
    this.flushes.add(flush);
    void flush.finally(() => this.flushes.delete(flush));
  }

  async flushed(): Promise<void> {
    await Promise.all(this.flushes);
  }

  /** Waits until all has been evaluated, but no longer than so many milliseconds. */
  async caughtUp(ms: number): Promise<void> {
    await this.stack.evaluated(ms).catch(() => {});
  }

  /** Lets everything come to rest: no faults, all processes up, all windows closed and all alerts sent. */
  async rest(judge: Judge = () => 'pass'): Promise<void> {
    this.judge = judge;
    this.judgeAmqp = () => 'pass';
    await this.stack.evaluated(PATIENCE);
    await this.flushed();
    await this.moveTo(Math.ceil(this.now / HOUR) * HOUR + 2 * HOUR);
    await until('all windows to close and all alerts to arrive', () => this.isAtRest(), PATIENCE);
  }

  private async isAtRest(): Promise<boolean> {
    // Due notes that were put off come due as well.
    await this.moveTo(this.now + 2 * MINUTE);
    await this.stack.flush();
    const { store } = this.stack;
    const cursors = await readCursors(store, 'OutriderControl');
    const open = cursors.filter(({ lastRunEnd, frequencyMs }) => lastRunEnd + frequencyMs <= this.now - 5 * MINUTE);
    let waiting = 0;
    for await (const page of store.query('OutriderControl', { partitionFrom: 'late.', partitionTo: 'late/' }))
      waiting += page.length;
    for await (const page of store.query('OutriderAlerts', partitionRange('pending.file'))) waiting += page.length;
    return open.length === 0 && waiting === 0;
  }

  /** What differs from the batch result, in words; empty when all is right. `windows`: how many were compared. */
  check(): { problems: string[]; windows: number; alerts: number } {
    const problems: string[] = [];
    const all = this.stack.alerts();
    const texts = new Map<string, string>();
    for (const alert of all) {
      const key = `${alert.SystemAlertId} ${alert.Revision}`;
      const text = JSON.stringify(alert);
      if ((texts.get(key) ?? text) !== text) problems.push(`two alerts under ${key}`);
      texts.set(key, text);
    }
    const events = batchEvents(this.events);
    // What is refused is refused to the rules whose state would hold the name; the one that only counts has it.
    const accepted = events.filter(({ fields }) => fields.Computer !== REJECTED);
    let windows = 0;
    for (const { name, plan, frequencyMs } of this.rules) {
      for (let end = this.start + frequencyMs; end <= this.now - 5 * MINUTE; end += frequencyMs) {
        windows++;
        const at = new Date(end).toISOString();
        const expected = batchAnswer(
          plan,
          { frequencyMs, periodMs: HOUR, clock: 'event' },
          name === COUNT ? events : accepted,
          end,
        );
        if ('error' in expected) throw new Error(expected.error);
        const alerts = this.stack.latest(name, at.slice(0, 19));
        const [alert] = alerts;
        if (alerts.length > 1) problems.push(`${name} ${at}: ${alerts.length} alert ids`);
        const found = alert && alert.Status !== 'Withdrawn' ? rowsOf(alert, expected.columns) : [];
        if (JSON.stringify(found) === JSON.stringify(expected.rows.map((row) => JSON.stringify(row)).sort())) continue;
        problems.push(
          `${name} ${at}: ${found.length} rows instead of ${expected.rows.length}\n  ${found.slice(0, 3).join('\n  ')}\ninstead of\n  ${expected.rows
            .slice(0, 3)
            .map((row) => JSON.stringify(row))
            .join('\n  ')}`,
        );
      }
    }
    return { problems, windows, alerts: all.length };
  }

  async stop(): Promise<void> {
    await this.stack.stop();
    for (const { proxies, amqp } of this.workers) await Promise.all([proxies.stop(), amqp.stop()]);
    this.app.remove();
  }
}

function killed(worker: Worker, side: Side) {
  const kill = (): void => {
    void worker.host.then((host) => host.kill());
  };
  return side === 'before' ? { before: kill } : { after: kill };
}

const rowsOf = (alert: Alert, columns: readonly { name: string }[]): string[] =>
  alert.Results.map((row) => JSON.stringify(columns.map(({ name }) => row[name]))).sort();

function compiled(): Rule[] {
  const compiler = createCompiler([loadTables(join(ROOT, 'tables')).get('Event')!]);
  return RULES.map((file) => {
    const { name, query, queryFrequency } = parse(readFileSync(join(ROOT, file), 'utf8')) as Record<string, string>;
    const { plan, diagnostics } = compiler.compile(query!);
    if (!plan) throw new Error(`${file}: ${JSON.stringify(diagnostics)}`);
    return { name: name!, plan, frequencyMs: queryFrequency === '30m' ? 30 * MINUTE : HOUR };
  });
}
