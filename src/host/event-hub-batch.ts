import type { Batch } from '../engine';
import type { HubMessage } from '../events/types';

/** What the Functions host says about a batch of an Event Hub trigger. Keys are in camel case. */
export interface TriggerMetadata {
  readonly sequenceNumberArray?: unknown;
  readonly enqueuedTimeUtcArray?: unknown;
  readonly propertiesArray?: unknown;
  readonly partitionContext?: unknown;
}

/**
 * Messages of a trigger with cardinality `many` and dataType `binary`, as the engine takes them. Throws TypeError where the metadata do not
 * have the form that the host is known to give: a guessed position could count events twice.
 */
export function toBatch(bodies: readonly unknown[], metadata: TriggerMetadata): Batch {
  const partition = record(metadata.partitionContext, 'partitionContext');
  const sequenceNumbers = list(metadata.sequenceNumberArray, 'sequenceNumberArray', bodies.length);
  const enqueued = list(metadata.enqueuedTimeUtcArray, 'enqueuedTimeUtcArray', bodies.length);
  const properties =
    Array.isArray(metadata.propertiesArray) && metadata.propertiesArray.length === bodies.length
      ? metadata.propertiesArray
      : [];
  return {
    source: {
      namespace: text(partition.fullyQualifiedNamespace, 'partitionContext.fullyQualifiedNamespace'),
      hub: text(partition.eventHubName, 'partitionContext.eventHubName'),
      partition: text(partition.partitionId, 'partitionContext.partitionId'),
    },
    messages: bodies.map(
      (body, i): HubMessage => ({
        body: bytes(body),
        sequenceNumber: wholeNumber(sequenceNumbers[i]),
        enqueuedTime: utcTime(enqueued[i]),
        ...(properties[i] ? { properties: properties[i] as Record<string, unknown> } : {}),
      }),
    ),
  };
}

function bytes(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  // A message of Kafka without a value has no body.
  if (body === null || body === undefined) return Buffer.alloc(0);
  // A host that ignores dataType gives text or parsed JSON.
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A number, or (worker 3.16) `{ low, high, unsigned }`. */
function wholeNumber(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value === 'object' && value !== null && 'low' in value && 'high' in value) {
    const { low, high } = value as { low: number; high: number };
    const exact = (BigInt(high) << 32n) | BigInt(low >>> 0);
    if (exact >= 0n && exact <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(exact);
  }
  throw new TypeError(`not a sequence number: ${JSON.stringify(value)}`);
}

/** The host's times lack the trailing Z, and would be read as local time. */
function utcTime(value: unknown): number {
  const written = text(value, 'enqueuedTimeUtcArray');
  const time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(written) ? written : `${written}Z`);
  if (Number.isNaN(time)) throw new TypeError(`not a time: ${written}`);
  return time;
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new TypeError(`the host gave no ${name}`);
  return value;
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new TypeError(`the host gave no ${name}`);
  return value as Record<string, unknown>;
}

function list(value: unknown, name: string, length: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length !== length)
    throw new TypeError(`the host gave no ${name} of ${length} elements`);
  return value;
}
