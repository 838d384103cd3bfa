import type { EventHubConsumerClient } from '@azure/event-hubs';
import type { TokenCredential } from '@azure/identity';
import type { PartitionEnd } from '../engine';
import { StoreUnavailable } from '../state/errors';
import { messageOf } from '../state/message';
import { TimedOut, within } from '../state/within';

export interface HubSettings {
  readonly connectionString?: string;
  readonly fullyQualifiedNamespace?: string;
  readonly hub: string;
  readonly consumerGroup: string;
  readonly credential?: TokenCredential;
  /** How long a question may take, its retries and the sign-in included, ms (default 30,000). */
  readonly timeoutMs?: number;
}

/** How long the hub's time of creation is not asked again, ms. */
const REFRESH = 300_000;
/** Bound of one question, its retries included, ms. */
const TIMEOUT_MS = 30_000;

/** What the hub says of itself: when it was created, and where its partitions end. */
export class HubInfo {
  private client: Promise<EventHubConsumerClient> | undefined;
  private created: { incarnation: string; at: number } | undefined;
  /** By partition: the batch that was asked for last, and the hub that it is of. */
  private readonly seen = new Map<string, { first: number; last: number; incarnation: string }>();

  constructor(private readonly settings: HubSettings) {}

  /**
   * What tells the hub that a batch is of from one of the same name that was deleted. Asked anew from time to time, and at once where a batch
   * does not begin where the last one of its partition ended, as in a new hub (and in a redelivery). A batch that is tried again keeps the
   * hub it is of, although that was deleted and made anew meanwhile.
   *
   * @param first sequence numbers of the batch, as `last`
   * @param enqueuedTime when its first message was taken in, ms: before the new hub was made, it is of the old one
   */
  async incarnation(
    partition: string,
    first: number,
    last: number,
    now: number,
    enqueuedTime?: number,
  ): Promise<string> {
    const before = this.seen.get(partition);
    const isNext = before?.last === first - 1 && before.incarnation === this.created?.incarnation;
    // The difference in either direction: a clock that was set back must not put this off.
    if (!this.created || !isNext || Math.abs(now - this.created.at) > REFRESH) {
      const { createdOn } = await this.ask((client, options) => client.getEventHubProperties(options));
      this.created = { incarnation: createdOn.toISOString(), at: now };
    }
    let { incarnation } = this.created;
    const isTriedAgain = before?.first === first && before.last === last;
    const isOld = enqueuedTime === undefined ? isTriedAgain : enqueuedTime < Date.parse(incarnation);
    // Which hub an old batch is of that this process has seen nothing of, nobody can tell: not of this one.
    if (isOld && before?.incarnation !== incarnation) incarnation = before?.incarnation ?? `before ${incarnation}`;
    this.seen.set(partition, { first, last, incarnation });
    return incarnation;
  }

  /**
   * Opens the connection and its links ahead of the first batch, which then waits for one answer alone: its own, since the hub may be another one
   * by then. A failure is met, and told, by that batch.
   */
  warm(): void {
    this.ask((client, options) => client.getEventHubProperties(options)).catch(() => undefined);
  }

  async ends(): Promise<PartitionEnd[]> {
    const { client, createdOn, properties } = await this.ask(async (client, options) => {
      const { createdOn, partitionIds } = await client.getEventHubProperties(options);
      const properties = await Promise.all(partitionIds.map((id) => client.getPartitionProperties(id, options)));
      return { client, createdOn, properties };
    });
    const incarnation = createdOn.toISOString();
    return properties.map(({ partitionId, isEmpty, lastEnqueuedSequenceNumber }) => ({
      source: {
        namespace: client.fullyQualifiedNamespace,
        hub: this.settings.hub,
        partition: partitionId,
        incarnation,
      },
      lastSequenceNumber: isEmpty ? -1 : lastEnqueuedSequenceNumber,
    }));
  }

  async close(): Promise<void> {
    await (await this.client)?.close();
  }

  /**
   * Asks, with a bound of our own: the library waits without one for a connection that is being opened. A client that did not answer is
   * closed, so that the next question opens a new connection. Throws StoreUnavailable, which says which hub it is and why: a hub that is not
   * there and a role that is missing may both be there a moment later, as in a deployment.
   */
  private async ask<T>(
    question: (client: EventHubConsumerClient, options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    this.client ??= this.open();
    const asked = this.client;
    try {
      const client = await asked;
      return await within(this.settings.timeoutMs ?? TIMEOUT_MS, 'its management', (abortSignal) =>
        question(client, { abortSignal }),
      );
    } catch (error) {
      // Another question may have given it up before.
      if (this.client === asked) this.client = undefined;
      // Not waited for, and its error is ignored: it depends on the same broken connection.
      void asked.then((client) => client.close()).catch(() => undefined);
      throw new StoreUnavailable(this.explain(error), { cause: error });
    }
  }

  private explain(error: unknown): string {
    const { connectionString, fullyQualifiedNamespace, hub } = this.settings;
    const namespace = fullyQualifiedNamespace ?? /Endpoint=sb:\/\/([^/;]+)/i.exec(connectionString ?? '')?.[1] ?? '';
    const name = `the event hub ${namespace}/${hub}`;
    if (error instanceof TimedOut) return `${name}: ${error.message}`;
    const { code } = (error ?? {}) as { code?: unknown };
    const message = messageOf(error);
    // A log line is cut where a quotation begins; none of these quotes an event.
    const reason = typeof code === 'string' && !message.includes(code) ? `${code}: ${message}` : message;
    return `${name}: ${reason.replaceAll(/['"`]/g, '').replaceAll(/\s+/g, ' ')}`;
  }

  private async open(): Promise<EventHubConsumerClient> {
    const { EventHubConsumerClient } = await import('@azure/event-hubs');
    const { connectionString, fullyQualifiedNamespace, hub, consumerGroup, credential } = this.settings;
    const options = { retryOptions: { maxRetries: 1, timeoutInMs: 12_000, retryDelayInMs: 1_000 } };
    if (connectionString !== undefined)
      return new EventHubConsumerClient(consumerGroup, connectionString, hub, options);
    if (!fullyQualifiedNamespace || !credential)
      throw new TypeError('a hub needs a connection string, or a namespace and a credential');
    return new EventHubConsumerClient(consumerGroup, fullyQualifiedNamespace, hub, credential, options);
  }
}
