import { exitWithParent } from '../child-process';
import { type EmulatorOptions, type EventHubsEmulator, startEventHubsEmulator } from './emulator';
import type { FromEmulator, ToEmulator } from './messages';

const PART_BYTES = 1024 * 1024;

/** Entry of the emulator's own process; the one argument is the options as JSON. */
async function main(): Promise<void> {
  exitWithParent();
  const options: EmulatorOptions = JSON.parse(process.argv[2] ?? '{"hubs":{}}');
  const emulator = await startEventHubsEmulator(options);
  const stop = (): void => void emulator.stop().then(() => process.exit(0));
  process.on('SIGTERM', stop);
  process.on('message', (message: ToEmulator) => {
    if (message.type === 'stop') stop();
    else answer(emulator, message);
  });
  tell({ type: 'ready', port: emulator.port, connectionString: emulator.connectionString });
}

function answer(emulator: EventHubsEmulator, message: Exclude<ToEmulator, { type: 'stop' }>): void {
  try {
    if (message.type === 'recreateHub') emulator.recreateHub(message.hub);
    else if (message.type === 'sample') tellSample(message.id, emulator.sample(message.hub, message.bounds));
    else emulator.setClock(message.hub, message.now === undefined ? undefined : () => message.now ?? Date.now());
    tell({ type: 'done', id: message.id });
  } catch (error) {
    tell({ type: 'done', id: message.id, error: String(error) });
  }
}

/** In parts, so that no message grows large. */
function tellSample(id: number, bodies: readonly Uint8Array[]): void {
  let part: Uint8Array[] = [];
  let bytes = 0;
  for (const body of bodies) {
    part.push(body);
    bytes += body.length;
    if (bytes < PART_BYTES) continue;
    tell({ type: 'bodies', id, bodies: part });
    part = [];
    bytes = 0;
  }
  tell({ type: 'bodies', id, bodies: part });
}

function tell(message: FromEmulator): void {
  if (process.send) process.send(message);
  else process.stdout.write(`${JSON.stringify(message)}\n`);
}

main().catch((error: unknown) => {
  tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  process.disconnect?.();
});
