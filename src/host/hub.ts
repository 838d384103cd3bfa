import type { EventHubConsumerClient } from '@azure/event-hubs';
import type { TokenCredential } from '@azure/identity';
import type { PartitionEnd } from '../engine';

export interface HubSettings {
  readonly connectionString?: string;
  readonly fullyQualifiedNamespace?: string;
  readonly hub: string;
  readonly consumerGroup: string;
  readonly credential?: TokenCredential;
}

/** How long the time of creation of a hub is taken for granted, ms. */
const REFRESH = 300_000;

/** The hub's own word on itself: when it was created, where its partitions end. */
export class HubInfo {
  private client: Promise<EventHubConsumerClient> | undefined;
  private created: { incarnation: string; at: number } | undefined;
  private readonly seen = new Map<string, number>();

  constructor(private readonly settings: HubSettings) {}

  /**
   * What tells this hub from one of the same name that was deleted. Asked anew from time to time, and at once when the sequence numbers of a
   * partition go back, as they do in a new hub (and in a redelivery).
   */
  async incarnation(partition: string, firstSequenceNumber: number, now: number): Promise<string> {
    const last = this.seen.get(partition) ?? -1;
    this.seen.set(partition, firstSequenceNumber);
    if (!this.created || firstSequenceNumber < last || now - this.created.at > REFRESH) {
      const { createdOn } = await (await this.connect()).getEventHubProperties();
      this.created = { incarnation: createdOn.toISOString(), at: now };
    }
    return this.created.incarnation;
  }

  async ends(): Promise<PartitionEnd[]> {
    const client = await this.connect();
    const { createdOn, partitionIds } = await client.getEventHubProperties();
    const incarnation = createdOn.toISOString();
    const properties = await Promise.all(partitionIds.map((id) => client.getPartitionProperties(id)));
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

  private connect(): Promise<EventHubConsumerClient> {
    this.client ??= this.open();
    return this.client;
  }

  private async open(): Promise<EventHubConsumerClient> {
    const { EventHubConsumerClient } = await import('@azure/event-hubs');
    const { connectionString, fullyQualifiedNamespace, hub, consumerGroup, credential } = this.settings;
    const options = { retryOptions: { maxRetries: 2, timeoutInMs: 20_000 } };
    if (connectionString !== undefined)
      return new EventHubConsumerClient(consumerGroup, connectionString, hub, options);
    if (!fullyQualifiedNamespace || !credential)
      throw new TypeError('a hub needs a connection string, or a namespace and a credential');
    return new EventHubConsumerClient(consumerGroup, fullyQualifiedNamespace, hub, credential, options);
  }
}
