import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { messageOf } from '../../src/state/message';
import { applyLocalSettings } from './app-settings';
import { AppRegistry, type RegisteredFunction } from './core-module';
import { startEventHubTrigger } from './event-hub-trigger';
import type { Report } from './events';
import { type HostJson, readHostJson } from './host-json';
import { startHttpListener } from './http-listener';
import { HttpRoutes } from './http-routes';
import { Invoker } from './invoker';
import { loadApp } from './load-app';
import { type RunningTimer, startTimerTrigger } from './timer-trigger';
import type { RunningTrigger } from './triggers';

export interface HostOptions {
  /** Directory with package.json and host.json. */
  app: string;
  /** Run only these; all without it. */
  functions?: readonly string[];
  /** 0 or absent: any free port. */
  port?: number;
  env?: NodeJS.ProcessEnv;
  report: Report;
  /** Milliseconds after which the partitions of a host that died are taken over; default 5000. */
  ownershipExpiryMs?: number;
  /** For crash tests: milliseconds between the end of an invocation and its checkpoint. */
  checkpointDelayMs?: number;
}

export interface FunctionsHost {
  httpPort: number;
  functions: string[];
  /** Runs a timer function now; rejects with its error when it fails. */
  invokeTimer(name: string): Promise<void>;
  /** Lets what runs come to its end, then closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts a Functions host in this process, on the same compiled entry points that are deployed. Rejects with an Error
 * that names the file, function or setting at fault; nothing is left running then.
 */
export async function startFunctionsHost(options: HostOptions): Promise<FunctionsHost> {
  const app = resolve(options.app);
  const env = options.env ?? process.env;
  applyLocalSettings(app, env);
  const hostJson = readHostJson(app, env);
  const registry = new AppRegistry((entry) => options.report({ type: 'log', ...entry }));
  await loadApp(app, registry);
  const host = new Host(options, env, hostJson, registry, createHash('sha256').update(app).digest('hex').slice(0, 32));
  try {
    await host.start();
  } catch (error) {
    await host.stop();
    throw error;
  }
  options.report({ type: 'ready', httpPort: host.httpPort, functions: host.functions });
  return host;
}

class Host implements FunctionsHost {
  httpPort = 0;
  readonly functions: string[] = [];
  readonly #timers = new Map<string, RunningTimer>();
  readonly #running: RunningTrigger[] = [];
  readonly #invoker: Invoker;
  readonly #routes: HttpRoutes;

  constructor(
    private readonly options: HostOptions,
    private readonly env: NodeJS.ProcessEnv,
    private readonly hostJson: HostJson,
    private readonly registry: AppRegistry,
    private readonly hostId: string,
  ) {
    this.#invoker = new Invoker(registry, (entry) => options.report({ type: 'log', ...entry }));
    this.#routes = new HttpRoutes(hostJson.routePrefix);
  }

  async start(): Promise<void> {
    for (const fn of this.#selected()) {
      await this.#startTrigger(fn);
      this.functions.push(fn.metadata.name);
    }
    const listener = await startHttpListener({
      invoker: this.#invoker,
      routes: this.#routes,
      report: this.options.report,
      port: this.options.port ?? 0,
      invokeByName: (name) => {
        const timer = this.#timers.get(name);
        if (timer) void timer.invokeNow();
        return timer !== undefined;
      },
    });
    this.httpPort = listener.port;
    this.#running.push(listener);
  }

  #selected(): RegisteredFunction[] {
    const all = [...this.registry.functions.values()];
    const wanted = this.options.functions;
    if (!wanted) return all;
    for (const name of wanted) {
      if (!this.registry.functions.has(name)) {
        throw new Error(`there is no function "${name}"; the app has ${all.map((fn) => fn.metadata.name).join(', ')}`);
      }
    }
    return all.filter((fn) => wanted.includes(fn.metadata.name));
  }

  async #startTrigger(fn: RegisteredFunction): Promise<void> {
    const { invokerContext } = this;
    switch (fn.trigger.type.toLowerCase()) {
      case 'eventhubtrigger':
        this.#running.push(
          await startEventHubTrigger(fn, {
            ...invokerContext,
            options: this.hostJson.eventHubs,
            ownershipExpiryMs: this.options.ownershipExpiryMs ?? 5000,
            checkpointDelayMs: this.options.checkpointDelayMs ?? 0,
          }),
        );
        return;
      case 'timertrigger': {
        const timer = await startTimerTrigger(fn, { ...invokerContext, hostId: this.hostId });
        this.#timers.set(fn.metadata.name, timer);
        this.#running.push(timer);
        return;
      }
      case 'httptrigger':
        // Keys are not asked for, as in Core Tools: the listener is reachable from this machine only.
        this.#routes.add(fn);
        return;
      default:
        throw new Error(
          `function "${fn.metadata.name}": the local host has no trigger of type "${fn.trigger.type}" (it has eventHubTrigger, timerTrigger and httpTrigger)`,
        );
    }
  }

  private get invokerContext() {
    return { invoker: this.#invoker, report: this.options.report, env: this.env };
  }

  async invokeTimer(name: string): Promise<void> {
    const timer = this.#timers.get(name);
    if (!timer) throw new Error(`no timer function "${name}" runs here`);
    const outcome = await timer.invokeNow();
    if (outcome.status !== 'succeeded') throw outcome.error ?? new Error('the host is stopping');
  }

  async stop(): Promise<void> {
    const results = await Promise.allSettled(this.#running.splice(0).map((trigger) => trigger.stop()));
    for (const result of results) {
      if (result.status === 'rejected') {
        this.options.report({ type: 'log', level: 'error', category: 'host', message: messageOf(result.reason) });
      }
    }
    await this.#invoker.terminate();
  }
}
