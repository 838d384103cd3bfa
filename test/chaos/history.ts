import { buildAlerts } from '../../src/alerts/build';
import { hashAlert, readAlert } from '../../src/alerts/delivery/alert-rows';
import { listWindows, type ManifestEntry } from '../../src/alerts/delivery/windows';
import type { AlertJson, Sink } from '../../src/alerts/sinks/sink';
import { triggerFires } from '../../src/alerts/trigger';
import { DEFAULTS, type Engine } from '../../src/engine';
import { Evaluator } from '../../src/engine/evaluate';
import { Flusher } from '../../src/engine/flush';
import { readCursors } from '../../src/engine/rule-cursor';
import { RuleSource } from '../../src/engine/rule-source';
import type { EngineOptions } from '../../src/engine/types';
import type { HubMessage } from '../../src/events/types';
import { formatDatetime, parseDatetime, ticksFromMs } from '../../src/kql/values/datetime';
import type { RulePlan } from '../../src/rules/rule-plan';
import { joinValue } from '../../src/state/chunks';
import { StoreUnavailable } from '../../src/state/errors';
import { MemoryStore } from '../../src/state/memory';
import { randomOf } from '../support/random';
import { type BatchEvent, batchAnswer, DAY, HOUR, MINUTE } from '../support/stream';
import type { ChaosRule } from './rules';
import { count, Killed, type Process, ProcessStore, World } from './world';

const START = Date.UTC(2024, 4, 1, 6);
const TABLES = { state: 'state', alerts: 'alerts', control: 'control' };
const SINKS = ['one', 'two'];
const VOLATILE = ['TimeGenerated', 'ProcessingEndTime', 'Incomplete'];
const ACTIONS = 260;
const DELAYS = [1_000, 3 * MINUTE, 5 * MINUTE, 12 * MINUTE, 40 * MINUTE, 2 * HOUR, 2 * DAY];

export interface Outcome {
  readonly problems: readonly string[];
  readonly steps: ReadonlyMap<string, number>;
  readonly crashes: ReadonlyMap<string, number>;
  /** What happened, to see that histories reach what they are for. */
  readonly happened: ReadonlyMap<string, number>;
}

const iso = (ms: number): string => formatDatetime(ticksFromMs(ms));

/** A process that runs the engine; when it is killed another takes its place. */
interface Host {
  process: Process;
  engine: Engine;
  busy: boolean;
}

/**
 * Plays a random history of the whole engine over one store: events published to partitions, in order or late; two processes that evaluate, with
 * batches delivered again and partitions that change hands; two that flush; a clock that steps back; kills and failed requests between any two
 * steps. Then all comes to rest, and what is in the outbox and at the sinks is compared with what the queries give in one batch.
 */
export async function runHistory(rules: readonly ChaosRule[], seed: number): Promise<Outcome> {
  const clock = Date.now;
  const history = new History(rules, seed);
  Date.now = () => history.now;
  try {
    await history.play();
    await history.rest();
    await history.check();
  } finally {
    Date.now = clock;
  }
  return {
    problems: history.problems,
    steps: history.world.steps,
    crashes: history.world.crashes,
    happened: history.happened,
  };
}

class History {
  readonly problems: string[] = [];
  readonly happened = new Map<string, number>();
  readonly world: World;
  now = START;
  private readonly random;
  private readonly store = new MemoryStore();
  private readonly logs: HubMessage[][];
  private readonly checkpoints: number[];
  private readonly events: BatchEvent[] = [];
  private readonly evaluators: Host[];
  private readonly flushers: Host[];
  private readonly received = new Map(SINKS.map((name) => [name, new Map<string, AlertJson>()]));
  private readonly everReady = new Set<string>();
  private readonly first = new Map<string, number>();
  private readonly knowsEnds: boolean;
  private readonly pageSize: number;
  private running = 0;
  private names = 0;

  /** Few rules make short flushes, of which many meet. */
  private readonly rules: readonly ChaosRule[];
  /** How late events come, ms: few choices, so that they meet in a pane. */
  private readonly delays: readonly number[];

  constructor(rules: readonly ChaosRule[], seed: number) {
    this.random = randomOf(seed);
    this.rules = this.random.shuffled(rules).slice(0, this.random.pick([1, 1, 2, 2, 3, rules.length]));
    this.delays = this.random.shuffled(DELAYS).slice(0, this.random.pick([1, 2, 4, DELAYS.length]));
    this.world = new World(this.random);
    const partitions = 1 + this.random.below(3);
    this.logs = Array.from({ length: partitions }, () => []);
    this.checkpoints = this.logs.map(() => 0);
    this.knowsEnds = this.random.chance(40);
    this.pageSize = this.random.pick([1, 2, 3, 1000]);
    this.store.hooks.after = (call) => {
      if (call.kind !== 'transact' || call.table !== TABLES.alerts) return;
      for (const operation of call.operations) {
        if (operation.kind === 'delete' || operation.properties.phase !== 'ready') continue;
        const manifest = JSON.parse(String(joinValue(operation.rowKey, operation.properties, []))) as [
          string,
          number,
        ][];
        for (const [id, revision] of manifest) this.everReady.add(`${id}#${revision}`);
      }
    };
    this.evaluators = [this.host('evaluator'), this.host('evaluator')];
    this.flushers = [this.host('flusher'), this.host('flusher')];
  }

  async play(): Promise<void> {
    this.flush(this.flushers[0]!, this.now);
    await this.drive();
    for (const cursor of await readCursors(this.store, TABLES.control)) this.first.set(cursor.ruleId, cursor.last);
    const { random, world } = this;
    for (let i = 0; i < ACTIONS; i++) {
      world.chances = { kill: random.pick([0, 0, 4, 20]), fail: random.pick([0, 4, 20]) };
      this.act();
      for (let steps = random.pick([1, 3, 10, 40]); steps > 0; steps--) await world.advance();
    }
  }

  private act(): void {
    const { random } = this;
    switch (random.below(8)) {
      case 0:
      case 1:
        this.publish();
        return;
      case 2:
      case 3: {
        const host = random.pick(this.evaluators);
        if (!host.busy) this.evaluate(host, random.below(this.logs.length));
        return;
      }
      case 4:
      case 5: {
        const host = random.pick(this.flushers);
        // Clocks differ between processes, and step back.
        if (!host.busy) this.flush(host, this.now + random.pick([0, 0, -90_000, 60_000, -20 * MINUTE]));
        return;
      }
      case 6:
        this.now += random.pick([1_000, MINUTE, 4 * MINUTE, 11 * MINUTE]);
        return;
      default:
        if (random.chance(10)) random.pick([...this.evaluators, ...this.flushers]).process.isDead = true;
    }
  }

  private publish(): void {
    const { random } = this;
    const log = random.pick(this.logs);
    const enqueuedTime = Math.max(this.now, log.at(-1)?.enqueuedTime ?? 0);
    const records: Record<string, unknown>[] = [];
    for (let i = 1 + random.below(3); i > 0; i--) {
      const behind = random.chance(30) ? 0 : random.pick(this.delays);
      const at = random.chance(30)
        ? Math.floor((enqueuedTime - behind) / (5 * MINUTE)) * 5 * MINUTE
        : enqueuedTime - behind;
      const fields = { TimeGenerated: iso(at), ...this.fields(), Type: 'Event' };
      records.push(fields);
      count(this.happened, behind === 0 ? 'event' : behind > DAY ? 'event too late' : 'event late');
      if (at < enqueuedTime - DEFAULTS.maxLateMs) continue;
      this.events.push({
        table: 'Event',
        fields,
        time: parseDatetime(fields.TimeGenerated)!,
        ingestion: ticksFromMs(enqueuedTime),
      });
    }
    const body = Buffer.from(JSON.stringify(records.length === 1 ? records[0] : records));
    log.push({ body, sequenceNumber: log.length * 2, enqueuedTime });
  }

  private fields(): Record<string, unknown> {
    const { random } = this;
    const isDcom = random.chance(20);
    const data = (name: string, value: string): string => `<Data Name="${name}">${value}</Data>`;
    return {
      EventLog: 'Microsoft-Windows-Sysmon/Operational',
      Source: random.pick(['Microsoft-Windows-Sysmon', 'beat']),
      EventID: isDcom ? 1 : random.pick([1, 1, 1, 3]),
      Computer: random.pick(['h1', 'h2', 'h3.example.com']),
      EventData: isDcom
        ? [
            data('ProcessGuid', random.pick(['{1}', '{2}'])),
            data('Image', 'mmc.exe'),
            data('Description', 'd'),
            data('CommandLine', 'C:\\Windows\\System32\\mmc.exe -Embedding'),
            data('CurrentDirectory', 'c'),
            data('User', 'u'),
            data('LogonGuid', 'l'),
            data('ParentProcessGuid', 'p'),
            data('ParentImage', 'i'),
            data('ParentCommandLine', 'C:\\Windows\\System32\\svchost.exe -k DcomLaunch'),
            data('ParentUser', 'pu'),
          ].join('')
        : random.pick(['a', 'b', '<Data Name="x">1</Data>']),
    };
  }

  private host(kind: string): Host {
    const process = { name: `${kind} ${this.names++}`, isDead: false };
    return { process, engine: this.engine(process), busy: false };
  }

  private engine(process: Process): Engine {
    const store = new ProcessStore(this.store, this.world, process, this.pageSize);
    const options: EngineOptions = {
      ...DEFAULTS,
      plans: this.rules.map(({ plan }) => plan),
      store,
      tables: TABLES,
      sinks: SINKS.map((name) => this.sink(name, process)),
      deadLetters: { write: () => this.world.step(process, 'write dead letters', () => undefined) },
      clock: 'wall',
      graceMs: 5 * MINUTE,
      maxWaitMs: HOUR,
      ...(this.knowsEnds
        ? {
            hubEnds: async () =>
              this.logs.map((log, p) => ({
                source: this.source(p),
                lastSequenceNumber: log.at(-1)?.sequenceNumber ?? -1,
              })),
          }
        : {}),
      log: ({ level, message, reason }) => {
        if (level === 'error' && message !== 'alerts not delivered') this.problems.push(`${message}: ${reason}`);
      },
    };
    // Only one of both does anything in a process.
    const source = new RuleSource(options);
    const evaluator = new Evaluator(source, options);
    const flusher = new Flusher(source, options);
    return { evaluate: (batch) => evaluator.evaluate(batch), flush: (now) => flusher.flush(now) };
  }

  private sink(name: string, process: Process): Sink {
    return {
      name,
      send: (alerts) =>
        this.world.step(process, 'send', () => {
          const failed: { index: number; reason: string }[] = [];
          alerts.forEach((alert, index) => {
            if (name === 'two' && this.world.chances.fail > 0 && this.random.chance(20)) {
              failed.push({ index, reason: 'refused' });
              return;
            }
            if (!this.everReady.has(`${alert.SystemAlertId}#${alert.Revision}`))
              this.problems.push(`sent before ready: ${alert.SystemAlertId} revision ${alert.Revision}`);
            const known = this.received.get(name)!.get(alert.SystemAlertId);
            if (!known || known.Revision <= alert.Revision) this.received.get(name)!.set(alert.SystemAlertId, alert);
            count(this.happened, alert.Revision > 1 ? 'revision sent' : 'alert sent');
          });
          return { failed };
        }),
    };
  }

  private source(partition: number) {
    return { namespace: 'n', hub: 'h', partition: String(partition) };
  }

  /** Delivers a batch from the checkpoint on, or from before it. */
  private evaluate(host: Host, p: number, from = this.start(p), to = from + 1 + this.random.below(6)): void {
    const messages = this.logs[p]!.slice(from, to);
    if (messages.length === 0) return;
    this.launch(host, async () => {
      await host.engine.evaluate({ source: this.source(p), messages });
      // As the hub's client does: the last one to finish says where to go on, even if it is behind.
      this.checkpoints[p] = Math.min(to, from + messages.length);
      count(this.happened, 'batch');
    });
  }

  private start(p: number): number {
    const back = this.random.chance(25) ? this.random.below(5) : 0;
    if (back > 0) count(this.happened, 'redelivery');
    return Math.max(0, this.checkpoints[p]! - back);
  }

  private flush(host: Host, now: number): void {
    this.launch(host, async () => {
      const { corrections, withdrawn } = await host.engine.flush(now);
      count(this.happened, 'flush');
      if (corrections > 0) count(this.happened, 'flush with corrections');
      if (withdrawn > 0) count(this.happened, 'flush with withdrawals');
    });
  }

  private launch(host: Host, run: () => Promise<void>): void {
    host.busy = true;
    this.running++;
    run()
      .catch((error: unknown) => {
        if (error instanceof Killed || host.process.isDead) count(this.happened, 'killed');
        else if (error instanceof StoreUnavailable) count(this.happened, 'failed and tried again');
        else this.problems.push(`${host.process.name}: ${(error as Error).stack}`);
      })
      .finally(() => {
        this.running--;
        host.busy = false;
        if (host.process.isDead) Object.assign(host, this.host(host.process.name.split(' ')[0]!));
      });
  }

  private async drive(): Promise<void> {
    while (this.running > 0) await this.world.advance();
  }

  /** No more faults: everything is delivered, part of it again, and flushed until nothing is left to do. */
  async rest(): Promise<void> {
    this.world.chances = { kill: 0, fail: 0 };
    await this.drive();
    this.flushers[0] = this.host('flusher');
    this.evaluators[0] = this.host('evaluator');
    // A pane that is delivered again is looked at again, which would mend what must not be broken: only now and then.
    const again = this.random.chance(15);
    for (let round = 0; round < 6; round++) {
      this.now += 45 * MINUTE;
      for (const [p, log] of this.logs.entries()) {
        const from = again && round === 2 ? 0 : this.checkpoints[p]!;
        this.evaluate(this.evaluators[0], p, from, log.length);
        await this.drive();
      }
      this.flush(this.flushers[0], this.now);
      await this.drive();
    }
  }

  async check(): Promise<void> {
    const outbox = { store: this.store, table: TABLES.alerts };
    const cursors = await readCursors(this.store, TABLES.control);
    const sent = new Map(SINKS.map((name) => [name, new Set(this.received.get(name)!.keys())]));
    for (const { plan, query } of this.rules) {
      const { id } = plan.rule;
      const { frequencyMs } = plan.schedule;
      const cursor = cursors.find(({ ruleId }) => ruleId === id)!;
      const windows = new Map<number, readonly ManifestEntry[]>();
      for await (const window of listWindows(outbox, id, 0, Date.UTC(2100, 0, 1))) {
        windows.set(window.windowEnd, window.manifest);
        if (window.phase !== 'ready') this.problems.push(`${id} ${iso(window.windowEnd)}: still being written`);
      }
      const ends = new Set(windows.keys());
      for (let end = this.first.get(id)!; end <= cursor.last; end += frequencyMs) ends.add(end);
      for (const end of ends) {
        const where = `${plan.rule.name} ${iso(end)}`;
        if (end < this.first.get(id)! || end > cursor.last) this.problems.push(`${where}: a window of nobody`);
        const expected = new Map(this.expected(plan, query, end).map((alert) => [alert.SystemAlertId, alert]));
        count(this.happened, expected.size > 0 ? 'window with alerts' : 'window without');
        for (const entry of windows.get(end) ?? []) {
          const alert = await readAlert(outbox, { ruleId: id, windowEnd: end }, entry.id, entry.revision);
          for (const [name, received] of this.received) {
            sent.get(name)!.delete(entry.id);
            const got = received.get(entry.id);
            if (got?.Revision !== entry.revision || JSON.stringify(got) !== JSON.stringify(alert))
              this.problems.push(
                `${where}: sink ${name} has revision ${got?.Revision} of ${entry.id}, not ${entry.revision}`,
              );
          }
          if (entry.withdrawn) continue;
          const wanted = expected.get(entry.id);
          if (!wanted) this.problems.push(`${where}: an alert that the batch does not give: ${JSON.stringify(alert)}`);
          else if (!alert || hashAlert(alert, VOLATILE) !== hashAlert(wanted, VOLATILE))
            this.problems.push(`${where}: outbox ${JSON.stringify(alert)}\nbatch ${JSON.stringify(wanted)}`);
          expected.delete(entry.id);
        }
        for (const alert of expected.values()) this.problems.push(`${where}: lost ${JSON.stringify(alert)}`);
      }
    }
    for (const [name, ids] of sent) if (ids.size > 0) this.problems.push(`sink ${name} has alerts of no window`);
  }

  private expected(plan: RulePlan, query: ChaosRule['query'], end: number): AlertJson[] {
    const answer = batchAnswer(query, plan.schedule, this.events, end);
    if ('error' in answer) throw new Error(answer.error);
    if (!triggerFires(plan.rule.trigger, answer.rows.length)) return [];
    const { alerts } = buildAlerts(
      { ...plan.rule, schedule: plan.schedule },
      answer as Parameters<typeof buildAlerts>[1],
      { start: iso(end - plan.schedule.periodMs), end: iso(end) },
      {
        generatedAt: iso(end),
        keyColumns: plan.keyColumns,
        incomplete: false,
        limits: { results: plan.settings.caps.results, alertsPerRun: plan.settings.caps.alerts },
      },
    );
    return alerts as unknown as AlertJson[];
  }
}
