import rhea from 'rhea';

/** Message format of a transfer whose data sections are each one encoded event. */
export const BATCH_FORMAT = 0x80013700;
export const PARTITION_KEY_ANNOTATION = 'x-opt-partition-key';

const HEADER = 0x70;
const DELIVERY_ANNOTATIONS = 0x71;
const MESSAGE_ANNOTATIONS = 0x72;
const DATA = 0x75;
const VALUE = 0x77;

interface Section {
  code: number;
  start: number;
  /** Where the section's value (after the descriptor) begins. */
  value: number;
  end: number;
}

/** What the broker adds to an event when it is read. */
export interface BrokerAnnotations {
  sequenceNumber: number;
  offset: string;
  /** Milliseconds since 1970. */
  enqueuedTime: number;
  partitionKey: string | undefined;
}

/** Offset after the AMQP value whose constructor is at `at`. Throws RangeError for a value that is cut short or unknown. */
function endOfValue(bytes: Buffer, at: number): number {
  const end = at + valueSize(bytes, at);
  if (end > bytes.length) throw new RangeError('AMQP value is cut short');
  return end;
}

function valueSize(bytes: Buffer, at: number): number {
  switch (bytes.readUInt8(at) >> 4) {
    case 0x4:
      return 1;
    case 0x5:
      return 2;
    case 0x6:
      return 3;
    case 0x7:
      return 5;
    case 0x8:
      return 9;
    case 0x9:
      return 17;
    case 0xa:
    case 0xc:
    case 0xe:
      return 2 + bytes.readUInt8(at + 1);
    case 0xb:
    case 0xd:
    case 0xf:
      return 5 + bytes.readUInt32BE(at + 1);
    default:
      throw new RangeError(`unknown AMQP constructor 0x${bytes.readUInt8(at).toString(16)}`);
  }
}

/** The sections of an encoded message, found without decoding them. */
function* sections(bytes: Buffer): Generator<Section> {
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] !== 0) throw new RangeError('AMQP section has no descriptor');
    const descriptor = bytes.readUInt8(at + 1);
    let section: Section;
    if (descriptor === 0x53) section = { code: bytes.readUInt8(at + 2), start: at, value: at + 3, end: 0 };
    else if (descriptor === 0x80) section = { code: bytes.readUInt8(at + 9), start: at, value: at + 10, end: 0 };
    else throw new RangeError('AMQP section descriptor is neither smallulong nor ulong');
    section.end = endOfValue(bytes, section.value);
    yield section;
    at = section.end;
  }
}

function annotationsOf(bytes: Buffer, section: Section): Record<string, unknown> {
  return rhea.message.decode(bytes.subarray(section.start, section.end)).message_annotations ?? {};
}

/** The body of an encoded event: its bytes, or the UTF-8 of its text. undefined: it is neither. */
export function bodyOf(event: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (const section of sections(event)) {
    if (section.code === DATA) parts.push(event.subarray(section.value + lengthBytes(event, section), section.end));
    else if (section.code === VALUE) {
      const { body } = rhea.message.decode(event.subarray(section.start, section.end)) as { body?: unknown };
      return typeof body === 'string' ? Buffer.from(body, 'utf8') : undefined;
    }
  }
  return parts.length === 0 ? undefined : parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

/** Of the constructor of a binary value and its length. */
const lengthBytes = (bytes: Buffer, { value }: Section): number => (bytes[value] === 0xa0 ? 2 : 5);

/** Splits a transfer of BATCH_FORMAT into its encoded events; the partition key stands on the batch itself. */
export function splitBatch(bytes: Buffer): { partitionKey: unknown; events: Buffer[] } {
  const events: Buffer[] = [];
  let partitionKey: unknown;
  for (const section of sections(bytes)) {
    if (section.code === DATA) {
      events.push(bytes.subarray(section.value + lengthBytes(bytes, section), section.end));
    } else if (section.code === MESSAGE_ANNOTATIONS) {
      partitionKey = annotationsOf(bytes, section)[PARTITION_KEY_ANNOTATION];
    }
  }
  return { partitionKey, events };
}

const symbol = (name: string): Buffer => Buffer.concat([Buffer.from([0xa3, name.length]), Buffer.from(name, 'latin1')]);
const SEQUENCE_NUMBER = symbol('x-opt-sequence-number');
const OFFSET = symbol('x-opt-offset');
const ENQUEUED_TIME = symbol('x-opt-enqueued-time');
const PARTITION_KEY = symbol(PARTITION_KEY_ANNOTATION);

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  if (bytes.length < 256) return Buffer.concat([Buffer.from([0xa1, bytes.length]), bytes]);
  const head = Buffer.alloc(5);
  head[0] = 0xb1;
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function int64(typeCode: number, value: number): Buffer {
  const bytes = Buffer.allocUnsafe(9);
  bytes[0] = typeCode;
  bytes.writeBigInt64BE(BigInt(value), 1);
  return bytes;
}

function annotationSection(added: BrokerAnnotations): Buffer {
  const parts = [SEQUENCE_NUMBER, int64(0x81, added.sequenceNumber), OFFSET, text(added.offset)];
  parts.push(ENQUEUED_TIME, int64(0x83, added.enqueuedTime));
  if (added.partitionKey !== undefined) parts.push(PARTITION_KEY, text(added.partitionKey));
  const size = 4 + parts.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.alloc(12);
  head.set([0, 0x53, MESSAGE_ANNOTATIONS, 0xd1]);
  head.writeUInt32BE(size, 4);
  head.writeUInt32BE(parts.length, 8);
  return Buffer.concat([head, ...parts]);
}

/**
 * The encoded event with the broker's annotations. They are spliced in, so that an event costs no decoding; only an
 * event that carries annotations of its own is decoded and encoded again.
 */
export function withAnnotations(event: Buffer, added: BrokerAnnotations): Buffer {
  let prefixEnd = 0;
  let restStart = 0;
  for (const section of sections(event)) {
    if (section.code === HEADER || section.code === DELIVERY_ANNOTATIONS) {
      prefixEnd = section.end;
      restStart = section.end;
      continue;
    }
    if (section.code === MESSAGE_ANNOTATIONS) {
      const own = annotationsOf(event, section);
      if (Object.keys(own).some((name) => name !== PARTITION_KEY_ANNOTATION))
        return mergeAnnotations(event, own, added);
      restStart = section.end;
    }
    break;
  }
  return Buffer.concat([event.subarray(0, prefixEnd), annotationSection(added), event.subarray(restStart)]);
}

function mergeAnnotations(event: Buffer, own: Record<string, unknown>, added: BrokerAnnotations): Buffer {
  const message = rhea.message.decode(event);
  message.message_annotations = {
    ...own,
    'x-opt-sequence-number': rhea.types.wrap_long(added.sequenceNumber),
    'x-opt-offset': added.offset,
    'x-opt-enqueued-time': rhea.types.wrap_timestamp(added.enqueuedTime),
    ...(added.partitionKey === undefined ? {} : { [PARTITION_KEY_ANNOTATION]: added.partitionKey }),
  };
  return rhea.message.encode(message);
}
