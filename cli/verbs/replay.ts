import { Command, InvalidArgumentError } from 'commander';
import { openProducer, sendMessages } from '../../src/host/hub-sender';
import { formatDatetime, ticksFromMs } from '../../src/kql';
import { parseDuration } from '../../src/plan/duration';
import { type HubFlags, hubTarget } from '../io/hub-target';
import { foundProblems, note, printJson, UsageError } from '../io/output';
import { LARGEST_MESSAGE, latestOf, type ReplayMessage, replayMessages } from '../io/replay-messages';
import { settingsFrom } from '../io/settings';
import { expandInputs, type RangeFlags, rangeOf } from '../io/sources';

interface Flags extends HubFlags, RangeFlags {
  readonly input: readonly string[];
  readonly settings?: string;
  readonly rate?: number;
  readonly shift?: string;
  readonly partitionKey?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** How far times are to be moved, in ticks. `now`: so that the last event happens now. */
async function shiftOf({ shift, input }: Flags, now: number): Promise<bigint | undefined> {
  if (shift === undefined) return undefined;
  if (shift !== 'now') {
    const ms = parseDuration(shift.replace(/^[-+]/, ''));
    if (ms === undefined) throw new UsageError(`--shift ${shift}: must be 'now', or a duration such as 7d or -90m`);
    return BigInt(shift.startsWith('-') ? -ms : ms) * 10_000n;
  }
  if (input.includes('-')) throw new UsageError('--shift now reads the input twice: standard input needs a duration');
  const latest = await latestOf(input);
  if (latest === undefined) throw new UsageError('--shift now: no record of the input has a TimeGenerated');
  return ticksFromMs(now) - latest;
}

async function replay(given: Flags): Promise<void> {
  const flags: Flags = { ...given, input: await expandInputs(given.input, rangeOf(given)) };
  const target = flags.dryRun ? undefined : await hubTarget(settingsFrom(flags.settings), flags);
  const now = Date.now();
  const shift = await shiftOf(flags, now);
  const tooLarge: { file: string; message: number; bytes: number }[] = [];
  const counts = { sent: 0, bytes: 0, unshifted: 0 };
  const onTooLarge = ({ file, number, body }: ReplayMessage): void => {
    tooLarge.push({ file, message: number, bytes: body.length });
    counts.bytes -= body.length;
    note(
      `${file}: message ${number} is too large for an event hub (${body.length} bytes, at most ${LARGEST_MESSAGE}) and is left out`,
    );
  };
  async function* counted(): AsyncGenerator<ReplayMessage> {
    const { input: files, partitionKey } = flags;
    for await (const message of replayMessages({ files, shift, partitionKey, onUnshifted: () => counts.unshifted++ })) {
      counts.bytes += message.body.length;
      yield message;
    }
  }
  const interrupted = new AbortController();
  const stop = (): void => interrupted.abort();
  const isTerminal = process.stderr.isTTY === true;
  process.once('SIGINT', stop);
  try {
    if (target) {
      const producer = await openProducer(target);
      try {
        await sendMessages(producer, counted(), {
          rate: flags.rate,
          signal: interrupted.signal,
          onTooLarge,
          onSent(messages) {
            counts.sent = messages;
            if (isTerminal) process.stderr.write(`\r${messages} messages sent`);
          },
        });
      } finally {
        if (isTerminal) process.stderr.write('\r\u001b[K');
        await producer.close();
      }
    } else
      for await (const message of counted())
        if (message.body.length >= LARGEST_MESSAGE) onTooLarge(message);
        else counts.sent++;
  } catch (error) {
    throw new Error(`after ${counts.sent} messages: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    process.off('SIGINT', stop);
  }
  report(flags, counts, { tooLarge, shift, now, seconds: (Date.now() - now) / 1000 });
  if (interrupted.signal.aborted) note('Stopped: the rest was not sent.');
  if (tooLarge.length > 0 || interrupted.signal.aborted) foundProblems();
}

function report(
  { dryRun = false, json }: Flags,
  { sent, bytes, unshifted }: { sent: number; bytes: number; unshifted: number },
  more: { tooLarge: readonly object[]; shift: bigint | undefined; now: number; seconds: number },
): void {
  if (json) {
    printJson({ sent, bytes, dryRun, unshifted, tooLarge: more.tooLarge, seconds: more.seconds });
    return;
  }
  const rate = dryRun || more.seconds < 1 ? '' : ` in ${more.seconds.toFixed(1)} s`;
  note(`${sent} messages${dryRun ? ' would be' : ''} sent (${(bytes / 1024).toFixed(0)} KiB)${rate}`);
  if (more.shift !== undefined)
    note(
      `times moved by ${more.shift / 10_000_000n} s: what happened at ${formatDatetime(ticksFromMs(more.now) - more.shift)} is stamped now` +
        (unshifted > 0 ? `; ${unshifted} messages have no TimeGenerated and were sent as they are` : ''),
    );
}

function rate(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('must be a number of messages a second, above 0.');
}

export const replayVerb = (): Command =>
  new Command('replay')
    .description('Publishes events to an Event Hub, each line (or document) a message.')
    .requiredOption(
      '--input <FILE...>',
      'NDJSON, JSON, XML, EVTX or Capture (.avro), plain or .gz; https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX is all blobs there; - is standard input',
    )
    .option('--from <TIME>', 'blobs and captured messages from this time on')
    .option('--to <TIME>', 'blobs and captured messages before this time')
    .option('--connection <STRING>', 'connection string of the namespace (default: the setting EventHubConnection)')
    .option('--hub <NAME>', 'the hub (default: the setting EVENT_HUB_NAME)')
    .option('--settings <FILE>', 'take settings from a local.settings.json instead of the environment')
    .option('--rate <MESSAGES>', 'messages a second (default: as fast as they are read)', rate)
    .option(
      '--shift <TIME>',
      "move the times of table rows (JSON): 'now' makes the last event happen now; or by a duration, 7d or -90m",
    )
    .option('--partition-key <FIELD>', 'events with the same value of this field come to the same partition')
    .option('--dry-run', 'read and count everything, send nothing')
    .option('--json', 'print what was sent as JSON')
    .addHelpText(
      'after',
      `
With EventHubConnection__fullyQualifiedNamespace set in place of EventHubConnection your own identity is used (az login).

Examples:
  EventHubConnection='Endpoint=sb://…' EVENT_HUB_NAME=events outrider replay --input events.ndjson
  outrider replay --settings local.settings.json --input day.ndjson.gz --shift now --rate 200 --partition-key Computer
  outrider replay --input day.ndjson.gz --dry-run`,
    )
    .action(replay);
