import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';

export interface StartOptions {
  once: boolean;
  /** Files with events; empty: the generated sample. */
  data: string[];
  /** Messages a second. */
  rate?: number;
  eventsPort?: number;
  blobPort?: number;
  tablePort?: number;
  httpPort?: number;
  boardPort?: number;
  /** Whether the board is opened in the browser. */
  open: boolean;
  partitions: number;
  seed: number;
  app: string;
}

const HELP = `
The board, a page that shows what the stream is doing, is served while it runs; its address is printed first.
Without --data a generated hour of Sysmon with a few attacks in it is sent. Everything is in memory and gone afterwards.

Examples:
  npm start
  npm start -- --open
  npm start -- --once
  npm start -- --data events.ndjson.gz --rate 2000
`;

/** Reads the command line of \`npm start\`; ends the process on --help and (with code 2) on wrong usage. */
export function parseStartOptions(argv: readonly string[]): StartOptions {
  const command = new Command('npm start --')
    .description('Runs Outrider on this machine: storage, an event hub and the functions, fed with events.')
    .option('--once', 'feed, flush, print the alerts and end', false)
    .option('--data <file...>', 'events to send: lines of JSON (.ndjson, .jsonl, .json, also .gz), a message each')
    .option('--rate <messages>', 'messages a second (default: as fast as they are read)', number(1))
    .option('--events-port <port>', 'port of the event hub (default: 5672, or any when it is taken)', number(0, 65535))
    .option('--blob-port <port>', 'port of blob storage (default: any)', number(0, 65535))
    .option('--table-port <port>', 'port of table storage (default: any)', number(0, 65535))
    .option(
      '--http-port <port>',
      'port of the Functions host (default: 7071, or any when it is taken)',
      number(0, 65535),
    )
    .option('--board-port <port>', 'port of the board (default: 7070, or any when it is taken)', number(0, 65535))
    .option('--open', 'open the board in the browser', false)
    .option('--partitions <count>', 'partitions of the event hub', number(1, 32), 4)
    .option('--seed <number>', 'seed of the generated sample', number(0), 1)
    .option('--app <directory>', 'the function app', join(__dirname, '..', '..'))
    .addHelpText('after', HELP)
    .showHelpAfterError('(--help shows the options)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  command.parse(argv, { from: 'user' });
  const options = command.opts<StartOptions>();
  return { ...options, data: options.data ?? [] };
}

function number(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      `must be a whole number, at least ${least}${most < 1e6 ? ` and at most ${most}` : ''}.`,
    );
  };
}
