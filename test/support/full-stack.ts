import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventHubProducerClient } from '@azure/event-hubs';
import type { HostEvent } from '../../local/functions-host/events';
import type { HostProcess } from '../../local/functions-host/process';
import { type HostOverrides, type Stack, type StackOptions, startStack } from '../../local/stack';
import { Processed } from '../../local/start/processed';
import type { Alert } from '../../src/alerts/alert';
import { BlobBodies } from '../../src/deadletters/blob-bodies';
import { DeadLetters } from '../../src/deadletters/dead-letters';
import type { DeadLetterSummary } from '../../src/deadletters/record';
import { TableStore } from '../../src/state/table';
import { isRunning } from './processes';
import { until } from './until';

export const ROOT = join(__dirname, '..', '..');
/** What a test run was told by OUTRIDER_… variables. The app knows no such settings and would refuse to start. */
export const testSettings: Readonly<Record<string, string | undefined>> = (() => {
  const own = Object.entries(process.env).filter(([name]) => name.startsWith('OUTRIDER_'));
  for (const [name] of own) delete process.env[name];
  return Object.fromEntries(own);
})();

const COMMAND = join(ROOT, 'dist', 'cli', 'outrider.js');
/** A flush happens when the test says so. */
const NEVER = '0 0 0 1 1 *';

/** A deployment in a temporary directory: the compiled functions with the plans of some rules. Built by `npm run build` before. */
export function deployApp(rules: readonly string[]): { directory: string; remove(): void } {
  if (!existsSync(COMMAND)) throw new Error('dist/ is not built: npm run build');
  const directory = mkdtempSync(join(tmpdir(), 'outrider-e2e-'));
  cpSync(join(ROOT, 'dist', 'functions'), join(directory, 'dist', 'functions'), {
    recursive: true,
    filter: (path) => !path.endsWith('.map'),
  });
  cpSync(join(ROOT, 'host.json'), join(directory, 'host.json'));
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'app', main: 'dist/functions/*.js' }));
  const files = rules.map((rule) => join(ROOT, rule));
  const out = join(directory, 'dist', 'plans.json');
  outrider('build', ...files, '--out', out);
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Runs the command and gives what it prints on stdout. Throws where it fails. */
export function outrider(...args: string[]): string {
  return execFileSync(process.execPath, [COMMAND, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
}

export interface TestStackOptions extends Partial<StackOptions> {
  app: string;
}

/** The local stack with what a test asks of it. Hosts batch at once, and flush when told. */
export class TestStack {
  readonly processed = new Processed();
  readonly events: HostEvent[] = [];
  readonly store: TableStore;
  readonly deadLetters: DeadLetters;
  private readonly producers = new Map<string, EventHubProducerClient>();
  private readonly pids: number[];
  private sent = 0;

  private constructor(
    readonly stack: Stack,
    readonly alertsFile: string,
    private readonly clockFile: string,
    observers: ((event: HostEvent) => void)[],
  ) {
    observers.push((event) => {
      this.processed.observe(event);
      this.events.push(event);
    });
    const connectionString = stack.storage;
    this.store = new TableStore({ connectionString });
    const bodies = new BlobBodies({ connectionString, container: 'outrider-dead-letters' });
    this.deadLetters = new DeadLetters(this.store, 'OutriderDeadLetters', bodies);
    this.pids = [stack.azurite.pid, stack.emulator.pid, ...stack.hosts.map(({ pid }) => pid)];
  }

  static async start(options: TestStackOptions): Promise<TestStack> {
    const alertsFile = join(options.app, `alerts-${Math.random().toString(36).slice(2)}.ndjson`);
    const clockFile = join(options.app, 'clock-shift');
    writeFileSync(clockFile, '0');
    const observers: ((event: HostEvent) => void)[] = [];
    const stack = await startStack({
      hubs: { events: 2 },
      hosts: [['evaluate'], ['flush']],
      ownershipExpiryMs: 1500,
      alertsFile,
      onEvent: (event) => {
        for (const observer of observers) observer(event);
      },
      ...options,
      env: {
        OUTRIDER_MODE: 'replay',
        OUTRIDER_MAX_WINDOWS_PER_FLUSH: '100000',
        FLUSH_SCHEDULE: NEVER,
        AzureFunctionsJobHost__extensions__eventHubs__minEventBatchSize: '1',
        ...options.env,
      },
    });
    return new TestStack(stack, alertsFile, clockFile, observers);
  }

  async startHost(functions: readonly string[], overrides?: HostOverrides): Promise<HostProcess> {
    const host = await this.stack.startHost(functions, overrides);
    this.pids.push(host.pid);
    return host;
  }

  /** A flush host with a clock of its own; see {@link setFlushTime}. */
  startFlushHost(env?: Readonly<Record<string, string>>): Promise<HostProcess> {
    const NODE_OPTIONS = `--require ${join(__dirname, 'shifted-clock.cjs')}`;
    return this.startHost(['flush'], { env: { ...env, NODE_OPTIONS, TEST_CLOCK_SHIFT: this.clockFile } });
  }

  /** @param now ms */
  setFlushTime(now: number): void {
    // In one step: a clock that is read half written would jump by months.
    writeFileSync(`${this.clockFile}.new`, String(now - Date.now()));
    renameSync(`${this.clockFile}.new`, this.clockFile);
  }

  host(name: string): HostProcess {
    const host = [...this.stack.hosts].reverse().find(({ functions }) => functions.includes(name));
    if (!host) throw new Error(`no host runs ${name}`);
    return host;
  }

  /** Publishes bodies, a message each, all to one partition where one is named. */
  async publish(bodies: readonly (string | Buffer | object)[], partitionId?: string, hub = this.stack.hub) {
    const producer = this.producers.get(hub) ?? new EventHubProducerClient(this.stack.eventHubs, hub);
    this.producers.set(hub, producer);
    for (const body of bodies) {
      const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      const batch = await producer.createBatch(partitionId === undefined ? {} : { partitionId });
      if (!batch.tryAdd({ body: bytes })) throw new Error(`too large for a message: ${bytes.length} bytes`);
      await producer.sendBatch(batch);
    }
    if (hub === this.stack.hub) this.sent += bodies.length;
  }

  /** Waits until all that was published to the first hub has been evaluated. */
  async evaluated(timeoutMs = 90_000): Promise<void> {
    await until(
      `${this.sent} messages to be evaluated (${this.processed.trouble ?? ''})`,
      () => this.processed.messages >= this.sent,
      timeoutMs,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; ${this.processed.messages} were; ${this.processed.trouble ?? 'no error'}`);
    });
  }

  flush(): Promise<void> {
    return this.stack.invoke('flush');
  }

  /** All alerts that were sent so far, repetitions included. */
  alerts(file = this.alertsFile): Alert[] {
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Alert);
  }

  /** The last revisions of the alerts of a rule, in the order of their windows; those of one window where an end is named. */
  latest(rule: string, windowEnd?: string): Alert[] {
    const last = new Map<string, Alert>();
    for (const alert of this.alerts()) {
      if (alert.AlertName !== rule || (windowEnd && !alert.WindowEnd.startsWith(windowEnd))) continue;
      const known = last.get(alert.SystemAlertId);
      if (!known || known.Revision < alert.Revision) last.set(alert.SystemAlertId, alert);
    }
    return [...last.values()].sort((a, b) => (a.WindowEnd < b.WindowEnd ? -1 : 1));
  }

  async letters(): Promise<(DeadLetterSummary & { body: string | Uint8Array })[]> {
    const { letters } = await this.deadLetters.list({ pageSize: 1000 });
    return Promise.all(letters.map(async ({ id }) => (await this.deadLetters.get(id))!));
  }

  /** Stops everything, and checks that no process is left. */
  async stop(): Promise<void> {
    await Promise.all([...this.producers.values()].map((producer) => producer.close()));
    await this.stack.stop();
    const left = this.pids.filter(isRunning);
    if (left.length > 0) throw new Error(`processes left behind: ${left}`);
  }
}
