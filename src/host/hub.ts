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

/** How long the time of creation of a hub is taken for granted, ms. */
const REFRESH = 300_000;
/** For a question with its retries, ms. */
const TIMEOUT_MS = 30_000;

/** The hub's own word on itself: when it was created, where its partitions end. */
export class HubInfo {
  private client: Promise<EventHubConsumerClient> | undefined;
  private created: { incarnation: string; at: number } | undefined;
  /** By partition: the last sequence number that was seen. */
  private readonly seen = new Map<string, number>();

  constructor(private readonly settings: HubSettings) {}

  /**
   * What tells this hub from one of the same name that was deleted. Asked anew from time to time, and at once where a batch does not begin
   * where the last one of its partition ended, as in a new hub (and in a redelivery). `first`, `last`: sequence numbers of the batch.
   */
  async incarnation(partition: string, first: number, last: number, now: number): Promise<string> {
    const isNext = this.seen.get(partition) === first - 1;
    this.seen.set(partition, last);
    // A clock that stepped back must not put this off.
    if (!this.created || !isNext || Math.abs(now - this.created.at) > REFRESH) {
      const { createdOn } = await this.ask((client, options) => client.getEventHubProperties(options));
      this.created = { incarnation: createdOn.toISOString(), at: now };
    }
    return this.created.incarnation;
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
   * Asks, and waits no longer than the bound: the library waits for a link or a connection that is being opened without one. A client that
   * did not answer is given up, so that the next question opens a new connection. Throws StoreUnavailable, which says which hub it is and why:
   * a hub that is not there and a role that is missing may both be there a moment later, as in a deployment.
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
      // Others may have given it up before.
      if (this.client === asked) this.client = undefined;
      // Not waited for, and how it ends is no news: it hangs on the same connection.
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
