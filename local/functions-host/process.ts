import { type Child, type ChildExit, recentOutput, startChild } from '../child-process';
import type { HostEvent, ToHost } from './events';

const START_TIMEOUT_MS = 30_000;

export interface HostProcessOptions {
  /** The compiled `functions-host/main.ts`. */
  entry: string;
  app: string;
  functions?: readonly string[];
  port?: number;
  /** The whole environment of the process beside PATH and the like, which it has from this one. */
  env: Readonly<Record<string, string>>;
  ownershipExpiryMs?: number;
  checkpointDelayMs?: number;
  onEvent?: (event: HostEvent) => void;
}

export interface HostProcess {
  pid: number;
  httpPort: number;
  functions: readonly string[];
  exited: Promise<ChildExit>;
  /** Runs a timer function now; rejects with its error. */
  invoke(name: string): Promise<void>;
  /** Clean stop: what runs comes to its end. Killed after `graceMs` (20 s). */
  stop(graceMs?: number): Promise<void>;
  /** `kill -9`, for crash tests. */
  kill(): Promise<void>;
}

/** Starts a Functions host as a child process. Rejects with its complaint if it does not come up. */
export async function startFunctionsHostProcess(options: HostProcessOptions): Promise<HostProcess> {
  const args = [options.entry, '--app', options.app, '--port', String(options.port ?? 0)];
  if (options.functions) args.push('--functions', options.functions.join(','));
  if (options.ownershipExpiryMs !== undefined) args.push('--ownership-expiry-ms', String(options.ownershipExpiryMs));
  if (options.checkpointDelayMs !== undefined) args.push('--checkpoint-delay-ms', String(options.checkpointDelayMs));
  const child = startChild(args, { env: { ...process.env, ...options.env } });
  child.process.on('message', (event: HostEvent) => options.onEvent?.(event));
  const { httpPort, functions } = await waitForReady(child);
  let lastId = 0;
  return {
    pid: child.pid,
    httpPort,
    functions,
    exited: child.exited,
    invoke: (name) => requestInvocation(child, { type: 'invoke', id: ++lastId, function: name }),
    async stop(graceMs = 20_000) {
      await child.stop({ type: 'stop' } satisfies ToHost, graceMs);
    },
    async kill() {
      await child.kill();
    },
  };
}

function requestInvocation(child: Child, request: Extract<ToHost, { type: 'invoke' }>): Promise<void> {
  return new Promise((resolve, reject) => {
    const onMessage = (event: HostEvent): void => {
      if (event.type !== 'invoked' || event.id !== request.id) return;
      child.process.off('message', onMessage);
      if (event.ok) resolve();
      else reject(new Error(`${request.function}: ${event.error}`));
    };
    child.process.on('message', onMessage);
    void child.exited.then(() => reject(new Error('the Functions host has ended')));
    if (child.process.connected) child.process.send(request);
  });
}

function waitForReady(child: Child): Promise<Extract<HostEvent, { type: 'ready' }>> {
  const output = recentOutput(child);
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      void child.kill();
      reject(new Error(`Functions host: ${why}`));
    };
    const timer = setTimeout(() => fail(`did not start in time ${output()}`), START_TIMEOUT_MS);
    void child.exited.then(({ code }) => fail(`ended with code ${code} ${output()}`));
    child.process.on('message', (event: HostEvent) => {
      if (event.type === 'failed') fail(event.message);
      if (event.type !== 'ready') return;
      clearTimeout(timer);
      resolve(event);
    });
  });
}
