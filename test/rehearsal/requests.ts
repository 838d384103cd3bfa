import type { ReceivedEventData } from '@azure/event-hubs';

/** As Json.NET writes a time of unspecified zone: without Z, and without zeros at its end. */
const time = (date: Date): string => date.toISOString().replace(/\.?0*Z$/, '');
const json = (value: unknown) => ({ json: JSON.stringify(value) });

export interface HubPartition {
  readonly fullyQualifiedNamespace: string;
  readonly eventHubName: string;
  readonly consumerGroup: string;
  readonly partitionId: string;
}

/**
 * The invocation for a batch of an Event Hub trigger (cardinality many, dataType binary), as the extension and the host make it. `numbers`: the host
 * sends sequence numbers as 64-bit integers, and as JSON to a worker that says nothing of collections.
 */
export function eventHubInvocation(
  binding: string,
  events: readonly ReceivedEventData[],
  partition: HubPartition,
  { numbers = 'sint64' }: { numbers?: 'sint64' | 'json' } = {},
): object {
  const sequenceNumbers = events.map(({ sequenceNumber }) => sequenceNumber);
  return {
    inputData: [{ name: binding, data: { collectionBytes: { bytes: events.map(({ body }) => body as Buffer) } } }],
    triggerMetadata: {
      PartitionContext: json({
        IsCheckpointingAfterInvocation: true,
        FullyQualifiedNamespace: partition.fullyQualifiedNamespace,
        EventHubName: partition.eventHubName,
        ConsumerGroup: partition.consumerGroup,
        PartitionId: partition.partitionId,
      }),
      // Events without a key are left out: this list does not line up with the others.
      PartitionKeyArray: { collectionString: { string: events.flatMap(({ partitionKey }) => partitionKey ?? []) } },
      OffsetArray: { collectionString: { string: events.map(({ offset }) => String(offset)) } },
      SequenceNumberArray:
        numbers === 'sint64' ? { collectionSint64: { sint64: sequenceNumbers } } : json(sequenceNumbers),
      EnqueuedTimeUtcArray: json(events.map(({ enqueuedTimeUtc }) => time(enqueuedTimeUtc))),
      PropertiesArray: json(events.map(({ properties }) => properties ?? {})),
      SystemPropertiesArray: json(
        events.map((event) => ({
          'x-opt-sequence-number': event.sequenceNumber,
          'x-opt-offset': String(event.offset),
          'x-opt-enqueued-time': time(event.enqueuedTimeUtc),
          SequenceNumber: event.sequenceNumber,
          Offset: String(event.offset),
          PartitionKey: event.partitionKey ?? null,
          EnqueuedTimeUtc: time(event.enqueuedTimeUtc),
        })),
      ),
    },
  };
}

/** A tick of a timer that has run before. */
export function timerInvocation(binding: string, now: Date): object {
  const minute = 60_000;
  const at = (ms: number): string => new Date(Math.floor(now.getTime() / minute) * minute + ms).toISOString();
  const timer = {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: { Last: at(-minute), Next: at(minute), LastUpdated: at(-minute) },
    IsPastDue: false,
  };
  return { inputData: [{ name: binding, data: json(timer) }], triggerMetadata: { TimerTrigger: json(timer) } };
}

/** A GET without a body, to a worker that takes values that may be null. */
export function httpInvocation(binding: string, url: string, headers: Readonly<Record<string, string>> = {}): object {
  const nullable = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }]));
  const http = { method: 'GET', url, nullableHeaders: nullable, nullableParams: {}, nullableQuery: {} };
  return { inputData: [{ name: binding, data: { http } }], triggerMetadata: {} };
}
