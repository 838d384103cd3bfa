import { type Child, recentOutput, startChild } from '../child-process';
import { assertPortFree } from '../ports';
import type { EmulatorOptions } from './emulator';
import type { HubOptions } from './hub';
import type { FromEmulator, ToEmulator } from './messages';
import type { SampleBounds } from './sample';

const START_TIMEOUT_MS = 20_000;

export interface EmulatorProcess {
  port: number;
  connectionString: string;
  pid: number;
  /** Fixes the enqueued time of what arrives at a hub, in milliseconds since 1970; undefined: the system clock again. */
  setTime(hub: string, now: number | undefined): Promise<void>;
  recreateHub(hub: string): Promise<void>;
  /** Bodies of what the hub has taken in of late, whoever sent it, the oldest first. */
  sample(hub: string, bounds: SampleBounds): Promise<readonly Uint8Array[]>;
  stop(): Promise<void>;
}

export interface EmulatorProcessOptions extends EmulatorOptions {
  hubs: Readonly<Record<string, number | Omit<HubOptions, 'clock'>>>;
  /** The compiled `event-hubs-emulator/main.ts`. */
  entry: string;
}

/** Starts the emulator as a child process, so that its work is off this event loop. */
export async function startEventHubsEmulatorProcess(options: EmulatorProcessOptions): Promise<EmulatorProcess> {
  const { entry, ...emulatorOptions } = options;
  await assertPortFree(options.port ?? 0, 'the Event Hubs emulator');
  const child = startChild([entry, JSON.stringify(emulatorOptions)], { serialization: 'advanced' });
  const ready = await waitForReady(child);
  let lastId = 0;
  const request = (
    message: ToEmulator & { id: number },
    onBodies?: (bodies: readonly Uint8Array[]) => void,
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      const onMessage = (answer: FromEmulator): void => {
        if ((answer.type !== 'done' && answer.type !== 'bodies') || answer.id !== message.id) return;
        if (answer.type === 'bodies') {
          onBodies?.(answer.bodies);
          return;
        }
        child.process.off('message', onMessage);
        if (answer.error === undefined) resolve();
        else reject(new Error(answer.error));
      };
      child.process.on('message', onMessage);
      void child.exited.then(() => reject(new Error('the Event Hubs emulator has ended')));
      child.process.send(message);
    });
  return {
    port: ready.port,
    connectionString: ready.connectionString,
    pid: child.pid,
    setTime: (hub, now) => request({ type: 'setTime', id: ++lastId, hub, now }),
    recreateHub: (hub) => request({ type: 'recreateHub', id: ++lastId, hub }),
    async sample(hub, bounds) {
      const all: Uint8Array[] = [];
      await request({ type: 'sample', id: ++lastId, hub, bounds }, (bodies) => all.push(...bodies));
      return all;
    },
    async stop() {
      await child.stop({ type: 'stop' } satisfies ToEmulator, 3000);
    },
  };
}

function waitForReady(child: Child): Promise<Extract<FromEmulator, { type: 'ready' }>> {
  const output = recentOutput(child);
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      void child.kill();
      reject(new Error(`Event Hubs emulator: ${why}`));
    };
    const timer = setTimeout(() => fail('did not start in time'), START_TIMEOUT_MS);
    void child.exited.then(({ code }) => fail(`ended with code ${code} ${output()}`));
    child.process.on('message', (message: FromEmulator) => {
      if (message.type === 'failed') fail(message.message);
      if (message.type !== 'ready') return;
      clearTimeout(timer);
      resolve(message);
    });
  });
}
