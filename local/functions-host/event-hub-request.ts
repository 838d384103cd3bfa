import type { ReceivedEventData } from '@azure/event-hubs';
import type { InvocationRequest, TypedData } from './core-types';

export interface PartitionInfo {
  fullyQualifiedNamespace: string;
  eventHubName: string;
  consumerGroup: string;
  partitionId: string;
}

const json = (value: unknown): TypedData => ({ json: JSON.stringify(value) });
const strings = (values: string[]): TypedData => ({ collectionString: { string: values } });

/**
 * What the real host sends for a batch (cardinality many, dataType binary), with its PascalCase names; the library
 * makes them camelCase. Bodies must be Buffers, so events are received without JSON parsing.
 */
export function eventHubRequest(
  bindingName: string,
  events: readonly ReceivedEventData[],
  partition: PartitionInfo,
): InvocationRequest {
  return {
    inputData: [{ name: bindingName, data: { collectionBytes: { bytes: events.map(bodyBytes) } } }],
    triggerMetadata: {
      PartitionContext: json({
        IsCheckpointingAfterInvocation: true,
        FullyQualifiedNamespace: partition.fullyQualifiedNamespace,
        EventHubName: partition.eventHubName,
        ConsumerGroup: partition.consumerGroup,
        PartitionId: partition.partitionId,
      }),
      // The host drops empty entries here, so that this array does not line up with the others.
      PartitionKeyArray: strings(events.map((event) => event.partitionKey ?? '').filter((key) => key !== '')),
      OffsetArray: strings(events.map((event) => event.offset)),
      SequenceNumberArray: { collectionSint64: { sint64: events.map((event) => event.sequenceNumber) } },
      EnqueuedTimeUtcArray: json(events.map((event) => dotNetTime(event.enqueuedTimeUtc))),
      PropertiesArray: json(events.map((event) => event.properties ?? {})),
      SystemPropertiesArray: json(events.map(systemProperties)),
    },
  };
}

function bodyBytes(event: ReceivedEventData): Uint8Array {
  const body: unknown = event.body;
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  return Buffer.from(JSON.stringify(body ?? null), 'utf8');
}

/** As Json.NET writes a DateTime of unspecified kind: no zone, no trailing zeros. */
function dotNetTime(time: Date): string {
  return time.toISOString().replace(/\.?0*Z$/, '');
}

function systemProperties(event: ReceivedEventData): Record<string, unknown> {
  return {
    ...event.systemProperties,
    SequenceNumber: event.sequenceNumber,
    Offset: event.offset,
    PartitionKey: event.partitionKey ?? null,
    EnqueuedTimeUtc: dotNetTime(event.enqueuedTimeUtc),
  };
}
