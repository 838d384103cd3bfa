import type { HubMessage } from '../../src/events/types';
import { ticksFromMs } from '../../src/kql';
import type { Random } from '../support/random';
import { type BatchEvent, HOUR, MINUTE } from '../support/stream';
import { randomFields } from './events';
import type { RecordPlace } from './letters';
import { iso } from './outbox';
import { count } from './world';

export interface HubEvent extends BatchEvent {
  /** For its time: only rules that go by ingestion read it. */
  readonly isRefused: boolean;
}

export interface HubOptions {
  readonly partitions: number;
  /** How late events come, ms: few choices, so that they meet in a pane. */
  readonly delays: readonly number[];
  readonly maxLateMs: number;
  readonly maxAheadMs: number;
  readonly isLarge: boolean;
  /** Many groups in a batch. */
  readonly isWide: boolean;
  /** Events often come late of which others are withdrawn. */
  readonly withdraws: boolean;
}

/** How late events come by which others are withdrawn, ms: when their windows have run. */
const WITHDRAWING = [9 * MINUTE, 12 * MINUTE, 16 * MINUTE];

/** The partitions of a history, and the events in them. */
export class Hub {
  logs: HubMessage[][];
  /** When it was made: another one for the hub of the same name that takes its place. */
  incarnation = '2024-01-01T00:00:00.000Z';
  /** Those that are refused for their time, too. */
  private readonly byMessage = new Map<HubMessage, { readonly partition: number; readonly events: HubEvent[] }>();

  constructor(
    private readonly options: HubOptions,
    private readonly random: Random,
    private readonly happened: Map<string, number>,
  ) {
    this.logs = Array.from({ length: options.partitions }, () => []);
  }

  /** Those of all hubs. */
  get events(): HubEvent[] {
    return [...this.byMessage.values()].flatMap(({ events }) => events);
  }

  /** Of one record, by its place; none where its hub is gone with it. */
  eventsOf(at: RecordPlace): readonly HubEvent[] {
    return [...this.byMessage].flatMap(([{ sequenceNumber, enqueuedTime }, { partition, events }]) =>
      partition === at.partition && sequenceNumber === at.sequenceNumber && enqueuedTime === at.enqueuedTime
        ? events.slice(at.record, at.record + 1)
        : [],
    );
  }

  /** Another hub of the same name, without messages. `begun`: how far each partition was read; the rest is lost with the hub. */
  recreate(now: number, begun: readonly number[]): void {
    for (const [p, log] of this.logs.entries())
      for (const message of log.slice(begun[p])) this.byMessage.delete(message);
    this.logs = this.logs.map(() => []);
    this.incarnation = new Date(now).toISOString();
  }

  /** A message of one to three records, or of more where groups are to be many. `now`: ms. */
  publish(now: number): void {
    const { random, options } = this;
    const partition = random.below(this.logs.length);
    const log = this.logs[partition]!;
    const enqueuedTime = Math.max(now, log.at(-1)?.enqueuedTime ?? 0);
    const records: Record<string, unknown>[] = [];
    const events: HubEvent[] = [];
    for (let i = options.isWide ? 3 + random.below(6) : 1 + random.below(3); i > 0; i--) {
      const isWithdrawing = options.withdraws && random.chance(30);
      const behind = isWithdrawing
        ? random.pick(WITHDRAWING)
        : random.chance(30)
          ? 0
          : random.chance(12)
            ? -random.pick([MINUTE, 10 * MINUTE, HOUR])
            : random.pick(options.delays);
      // On a bound of panes, or anywhere.
      const at = random.chance(30)
        ? Math.floor((enqueuedTime - behind) / (5 * MINUTE)) * 5 * MINUTE
        : enqueuedTime - behind;
      const fields = {
        TimeGenerated: iso(at),
        ...randomFields(random, options.isLarge, options.isWide),
        ...(isWithdrawing ? { EventID: 3 } : {}),
        ...(options.withdraws ? { Computer: 'h1' } : {}),
        Type: 'Event',
      };
      records.push(fields);
      const isRefused = at < enqueuedTime - options.maxLateMs || at > enqueuedTime + options.maxAheadMs;
      count(
        this.happened,
        `event ${behind === 0 ? 'on time' : behind < 0 ? 'early' : 'late'}${isRefused ? ', too much' : ''}`,
      );
      events.push({ table: 'Event', fields, time: ticksFromMs(at), ingestion: ticksFromMs(enqueuedTime), isRefused });
    }
    const body = Buffer.from(JSON.stringify(records.length === 1 ? records[0] : records));
    const message = { body, sequenceNumber: log.length, enqueuedTime };
    log.push(message);
    this.byMessage.set(message, { partition, events });
  }
}
