import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatAlert } from '../src/alerts/print';
import { terminalText } from '../src/alerts/terminal';
import { readConfig } from '../src/config';
import { applyLocalSettings } from './functions-host/app-settings';
import { preferPort } from './ports';
import { generateSample } from './sample';
import { localSettings } from './settings';
import { stopOnSignals } from './signals';
import { type Stack, startStack } from './stack';
import { AlertFile } from './start/alert-file';
import type { LocalBoard } from './start/board';
import { checkDataFiles, readDataFiles } from './start/data-files';
import { feed } from './start/feed';
import { parseStartOptions, type StartOptions } from './start/options';
import { Processed } from './start/processed';
import { Progress } from './start/progress';

const USUAL_EVENTS_PORT = 5672;
const USUAL_HTTP_PORT = 7071;
const EVALUATE = 'evaluate';
const FLUSH = 'flush';

/** The program behind `npm start`. Alerts on stdout, everything else on stderr. */
async function main(): Promise<void> {
  const options = parseStartOptions(process.argv.slice(2));
  checkDataFiles(options.data);
  checkSettings(options.app);
  const progress = new Progress();
  const processed = new Processed();
  const interrupted = new AbortController();
  let stack: Stack | undefined;
  // Its address comes first, and it says itself what has not begun yet.
  const board = options.once ? undefined : await openBoard(options, processed, (line) => progress.done(line));
  stopOnSignals(async () => {
    interrupted.abort();
    progress.done('stopping …');
    await board?.stop();
    await stack?.stop();
  });
  progress.update('starting storage, event hub and functions …');
  const alertsFile = newAlertsFile(options.app);
  stack = await startLocalStack(options, alertsFile, processed);
  board?.attach(stack);
  const alerts = new AlertFile(alertsFile);
  try {
    const found = await feedAndFlush(options, stack, progress, processed, alerts, interrupted.signal);
    if (interrupted.signal.aborted) return;
    if (!options.once) {
      tellWhereThingsAre(stack, alertsFile, board);
      await follow(alerts, interrupted.signal);
      return;
    }
    if (found === 0 && options.data.length === 0) {
      process.stderr.write('The sample has attacks in it, and no alert came.\n');
      process.exitCode = 1;
    }
  } finally {
    if (!interrupted.signal.aborted) {
      await board?.stop();
      await stack.stop();
    }
  }
}

/** What the page needs is loaded where there is to be one. */
async function openBoard(...args: Parameters<typeof import('./start/board').startLocalBoard>) {
  const { startLocalBoard } = await import('./start/board');
  return startLocalBoard(...args);
}

function newAlertsFile(app: string): string {
  const directory = join(app, '.outrider');
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'alerts.ndjson');
  rmSync(file, { force: true });
  return file;
}

/** The clock is the events' own: old data is neither late nor waited for. */
const SETTINGS = {
  OUTRIDER_MODE: 'replay',
  OUTRIDER_MAX_WINDOWS_PER_FLUSH: '100000',
  FLUSH_SCHEDULE: '*/15 * * * * *',
};

/** Says at once what the functions would say at each invocation. Throws ConfigError. */
function checkSettings(app: string): void {
  const local = { storage: 'UseDevelopmentStorage=true', eventHubs: 'Endpoint=sb://localhost', hub: 'events' };
  const env = {
    ...process.env,
    ...localSettings({ ...local, consumerGroup: 'outrider', alertsFile: '-' }),
    ...SETTINGS,
  };
  applyLocalSettings(app, env);
  readConfig(env, join(app, 'dist', 'plans.json'));
}

async function startLocalStack(options: StartOptions, alertsFile: string, processed: Processed): Promise<Stack> {
  return startStack({
    app: options.app,
    hubs: { events: options.partitions },
    alertsFile,
    ports: {
      eventHubs: options.eventsPort ?? (await preferPort(USUAL_EVENTS_PORT)),
      blob: options.blobPort,
      table: options.tablePort,
      http: options.httpPort ?? (await preferPort(USUAL_HTTP_PORT)),
    },
    env: {
      ...SETTINGS,
      // In Azure a fuller batch is cheaper; somebody who watches would only wait for it.
      AzureFunctionsJobHost__extensions__eventHubs__maxWaitTime: '00:00:01',
    },
    retentionBytes: 64 * 1024 * 1024,
    onEvent: (event) => {
      if (event.type !== 'log') processed.observe(event);
      else if (event.level === 'error' || event.level === 'critical')
        process.stderr.write(`${terminalText(`${event.category}: ${event.message}`)}\n`);
    },
  });
}

/** Returns how many alerts there were. */
async function feedAndFlush(
  options: StartOptions,
  stack: Stack,
  progress: Progress,
  processed: Processed,
  alerts: AlertFile,
  signal: AbortSignal,
): Promise<number> {
  const sample = options.data.length === 0 ? generateSample({ now: new Date(), seed: options.seed }) : undefined;
  progress.done(
    sample
      ? `sending a sample of ${sample.events} events, a few DCOM attacks among them`
      : `sending ${options.data.join(', ')}`,
  );
  const started = Date.now();
  let sent = 0;
  const show = (): void => {
    const trouble = processed.trouble ? ` – failing, tried again: ${processed.trouble}` : '';
    progress.update(`${sent} messages sent, ${processed.messages} evaluated${trouble}`);
  };
  const total = await feed(stack.eventHubs, stack.hub, sample?.messages ?? readDataFiles(options.data), {
    rate: options.rate,
    processed: () => processed.messages,
    onSent: (messages) => {
      sent = messages;
      show();
    },
    signal,
  });
  while (processed.messages < total && !signal.aborted) {
    if (!stack.hosts.some((host) => host.functions.includes(EVALUATE))) throw new Error('the Functions host has ended');
    show();
    await pause(50);
  }
  if (signal.aborted) return 0;
  progress.done(`${total} messages evaluated in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  progress.update('closing windows …');
  await stack.invoke(FLUSH);
  const found = await printNew(alerts);
  progress.done(`${found === 1 ? '1 alert' : `${found} alerts`}`);
  return found;
}

async function printNew(alerts: AlertFile): Promise<number> {
  const fresh = await alerts.next();
  const { isTTY, columns } = process.stdout;
  for (const alert of fresh)
    process.stdout.write(`\n${formatAlert(alert, { colour: isTTY === true, width: columns })}\n`);
  if (fresh.length > 0) process.stdout.write('\n');
  return fresh.length;
}

function tellWhereThingsAre(stack: Stack, alertsFile: string, board: LocalBoard | undefined): void {
  const [host] = stack.hosts;
  const lines = [
    'Running. Alerts of new events appear here; windows are closed every 15 seconds.',
    ...(board ? [`  board         ${board.address} (token for writing: ${board.token})`] : []),
    `  event hub     ${stack.hub} at ${stack.eventHubs}`,
    `  storage       ${stack.storage}`,
    `  functions     http://127.0.0.1:${host?.httpPort} (${stack.hosts.flatMap((each) => each.functions).join(', ')})`,
    `  close now     curl -X POST http://127.0.0.1:${host?.httpPort}/admin/functions/${FLUSH}`,
    `  alerts        ${alertsFile}`,
    'To send more, with any Event Hubs client or from another terminal:',
    `  EventHubConnection='${stack.eventHubs}' EVENT_HUB_NAME=${stack.hub} npm run --silent outrider -- replay --input FILE`,
    'Ctrl-C stops everything.',
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}

async function follow(alerts: AlertFile, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await printNew(alerts);
    await pause(500);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

main().then(
  () => {},
  (error: unknown) => {
    process.stderr.write(`\n${terminalText(`npm start: ${error instanceof Error ? error.message : String(error)}`)}\n`);
    process.exitCode = 1;
  },
);
