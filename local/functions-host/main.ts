import { parseArgs } from 'node:util';
import { messageOf } from '../../src/state/message';
import { exitWithParent } from '../child-process';
import type { HostEvent, ToHost } from './events';
import { type FunctionsHost, startFunctionsHost } from './host';

/**
 * Entry of the host's own process: `functions-host.js --app DIR [--functions a,b] [--port N]`. Tells what happens over
 * IPC when started so, else as JSON lines on stdout. SIGTERM, or a 'stop' message, ends it cleanly; so does Ctrl-C.
 */
async function main(): Promise<void> {
  exitWithParent();
  const { values } = parseArgs({
    options: {
      app: { type: 'string', default: '.' },
      functions: { type: 'string' },
      port: { type: 'string', default: '0' },
      'ownership-expiry-ms': { type: 'string', default: '5000' },
      'checkpoint-delay-ms': { type: 'string', default: '0' },
    },
  });
  const host = await startFunctionsHost({
    app: values.app,
    functions: values.functions?.split(',').filter(Boolean),
    port: integer('port', values.port),
    ownershipExpiryMs: integer('ownership-expiry-ms', values['ownership-expiry-ms']),
    checkpointDelayMs: integer('checkpoint-delay-ms', values['checkpoint-delay-ms']),
    report: tell,
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    host.stop().then(
      () => process.exit(0),
      (error) => fail(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('message', (message: ToHost) => {
    if (message.type === 'stop') stop();
    else void invoke(host, message.id, message.function);
  });
}

async function invoke(host: FunctionsHost, id: number, name: string): Promise<void> {
  try {
    await host.invokeTimer(name);
    tell({ type: 'invoked', id, ok: true });
  } catch (error) {
    tell({ type: 'invoked', id, ok: false, error: messageOf(error) });
  }
}

function integer(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} must be a whole number, not "${text}"`);
  return value;
}

function tell(event: HostEvent): void {
  if (process.send) process.send(event);
  else process.stdout.write(`${JSON.stringify(event)}\n`);
}

function fail(error: unknown): void {
  const event: HostEvent = { type: 'failed', message: messageOf(error) };
  if (process.send) process.send(event, () => process.exit(1));
  else process.stderr.write(`${event.message}\n`, () => process.exit(1));
}

main().catch(fail);
