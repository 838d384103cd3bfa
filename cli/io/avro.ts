import { inflateRawSync } from 'node:zlib';
import { Type as AvroType, type Type } from 'avsc';

/** A message of an Event Hubs Capture file. */
export interface CapturedMessage {
  readonly body: Buffer;
  readonly sequenceNumber: number;
  /** Enqueued time, ms since 1970; undefined where it cannot be read. */
  readonly enqueuedTime: number | undefined;
}

/** A message, or what is wrong with a part of the file. */
export type AvroItem = { readonly message: CapturedMessage } | { readonly problem: string };

const MAGIC = Buffer.from('Obj\u0001', 'latin1');
const SYNC = 16;
/** A header with its schema, and a block packed and unpacked, bytes. Capture writes blocks of a few megabytes at most. */
const MAX_HEADER = 1024 * 1024;
const MAX_BLOCK = 32 * 1024 * 1024;

/**
 * The messages of an Avro container file as Event Hubs Capture writes it, block by block. A block that cannot be read costs itself: reading goes
 * on behind the next marker. Throws Error where the bytes are no such file.
 * https://learn.microsoft.com/azure/event-hubs/event-hubs-capture-overview, https://avro.apache.org/docs/1.11.1/specification/
 */
export async function* capturedMessages(stream: AsyncIterable<Buffer>): AsyncGenerator<AvroItem> {
  const source = new Source(stream);
  const header = await readHeader(source);
  if (!header) return;
  const { type, codec, marker } = header;
  for (;;) {
    const { at } = source;
    source.mark();
    const count = await source.long();
    if (count === undefined) return;
    const size = (await source.long()) ?? -1;
    const bytes = size >= 0 && size <= MAX_BLOCK && count >= 0 ? await source.take(size) : undefined;
    const end = bytes?.length === size ? await source.take(SYNC) : undefined;
    if (!end?.equals(marker)) {
      if (bytes !== undefined && (bytes.length < size || (end?.length ?? 0) < SYNC)) {
        yield { problem: `the block at ${at} is cut off` };
        return;
      }
      yield { problem: `no block begins at ${at}` };
      source.back();
      if (!(await source.skipBehind(marker))) return;
      continue;
    }
    yield* blockItems(type, codec, bytes!, count, at);
  }
}

function* blockItems(type: Type, codec: string, packed: Buffer, count: number, at: number): Generator<AvroItem> {
  let bytes: Buffer;
  try {
    bytes = codec === 'deflate' ? inflateRawSync(packed, { maxOutputLength: MAX_BLOCK }) : packed;
  } catch (error) {
    yield { problem: `the block at ${at} cannot be unpacked: ${(error as Error).message}` };
    return;
  }
  let position = 0;
  for (let i = 0; i < count; i++) {
    const record = decoded(type, bytes, position);
    if (!record) {
      yield { problem: `record ${i + 1} of ${count} in the block at ${at} cannot be read; those after it are lost` };
      return;
    }
    position = record.offset;
    const message = messageOf(record.value);
    if (message) yield { message };
  }
}

/** A record and where it ends; undefined where the bytes are none: the library throws for some of what it cannot read. */
function decoded(
  type: Type,
  bytes: Buffer,
  position: number,
): { value: Record<string, unknown>; offset: number } | undefined {
  try {
    const { value, offset } = type.decode(bytes, position) as { value: Record<string, unknown>; offset: number };
    return offset > position ? { value, offset } : undefined;
  } catch {
    return undefined;
  }
}

/** undefined: the message had no body. */
function messageOf({ Body, SequenceNumber, EnqueuedTimeUtc }: Record<string, unknown>): CapturedMessage | undefined {
  if (!Buffer.isBuffer(Body)) return undefined;
  return {
    body: Body,
    sequenceNumber: typeof SequenceNumber === 'number' ? SequenceNumber : 0,
    enqueuedTime: typeof EnqueuedTimeUtc === 'string' ? enqueuedTime(EnqueuedTimeUtc) : undefined,
  };
}

/** `1/16/2026 7:30:26 AM`, as Capture writes it, or ISO 8601. */
function enqueuedTime(text: string): number | undefined {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2}):(\d{2}) (AM|PM)$/.exec(text);
  if (!match) {
    const ms = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
    return Number.isNaN(ms) ? undefined : ms;
  }
  const [month, day, year, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, (hour % 12) + (match[7] === 'PM' ? 12 : 0), minute, second);
}

interface Header {
  readonly type: Type;
  readonly codec: string;
  readonly marker: Buffer;
}

/** undefined: there is nothing at all. Capture writes empty files where nothing came, if it is asked to. */
async function readHeader(source: Source): Promise<Header | undefined> {
  const magic = await source.take(MAGIC.length);
  if (magic.length === 0) return undefined;
  if (!magic.equals(MAGIC)) throw new Error('it is no Avro container file');
  const metadata = new Map<string, Buffer>();
  for (let count = await source.long(); count; count = await source.long()) {
    // A negative count is followed by the size of its block.
    if (count < 0) await source.long();
    for (let i = 0; i < Math.abs(count); i++) {
      const key = await source.bytes(MAX_HEADER);
      const value = key && (await source.bytes(MAX_HEADER));
      if (!key || !value || source.at > MAX_HEADER) throw new Error('its Avro header cannot be read');
      metadata.set(key.toString('utf8'), value);
    }
  }
  const marker = await source.take(SYNC);
  if (marker.length < SYNC) throw new Error('it is cut off within its Avro header');
  const codec = metadata.get('avro.codec')?.toString('latin1') ?? 'null';
  if (codec !== 'null' && codec !== 'deflate')
    throw new Error(`its Avro codec is '${codec.slice(0, 40)}': null and deflate are read`);
  return { type: typeOf(metadata.get('avro.schema')?.toString('utf8') ?? ''), codec, marker };
}

function typeOf(schema: string): Type {
  let type: Type;
  try {
    type = AvroType.forSchema(JSON.parse(schema));
  } catch (error) {
    throw new Error(`its Avro schema cannot be read: ${(error as Error).message}`);
  }
  const fields = 'fields' in type ? (type.fields as readonly { readonly name: string }[]) : [];
  if (!fields.some(({ name }) => name === 'Body'))
    throw new Error("its Avro records have no field 'Body': it was not written by Event Hubs Capture");
  return type;
}

/** Bytes of a stream, taken piece by piece. */
class Source {
  /** Of the next byte, from the beginning of the file. */
  at = 0;
  private readonly source: AsyncIterator<Buffer>;
  private held: Buffer = Buffer.alloc(0);
  /** How much of `held` was taken, and from where on it is kept. */
  private used = 0;
  private marked = 0;

  constructor(stream: AsyncIterable<Buffer>) {
    this.source = stream[Symbol.asyncIterator]();
  }

  /** So many bytes, fewer at the end of the file. */
  async take(size: number): Promise<Buffer> {
    await this.hold(size);
    const taken = this.held.subarray(this.used, this.used + size);
    this.used += taken.length;
    this.at += taken.length;
    return taken;
  }

  /** A number in Avro's zigzag form. undefined: the file ends, or it is none that a double can hold. */
  async long(): Promise<number | undefined> {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const [byte] = await this.take(1);
      if (byte === undefined || factor > 2 ** 49) return undefined;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }

  async bytes(most: number): Promise<Buffer | undefined> {
    const size = await this.long();
    if (size === undefined || size < 0 || size > most) return undefined;
    const taken = await this.take(size);
    return taken.length === size ? taken : undefined;
  }

  /** From here on bytes are kept, so that `back` can return. */
  mark(): void {
    this.marked = this.used;
  }

  /** Goes back behind the first byte since `mark`. */
  back(): void {
    this.at -= this.used - this.marked - 1;
    this.used = this.marked + 1;
  }

  /** Skips everything up to a marker, and it. False: there is none. */
  async skipBehind(marker: Buffer): Promise<boolean> {
    for (;;) {
      const found = this.held.indexOf(marker, this.used);
      if (found >= 0) {
        await this.take(found - this.used + marker.length);
        return true;
      }
      const left = this.held.length - this.used;
      await this.take(Math.max(0, left - marker.length + 1));
      this.mark();
      if (!(await this.more())) return false;
    }
  }

  private async hold(size: number): Promise<void> {
    while (this.held.length - this.used < size) if (!(await this.more())) return;
  }

  private async more(): Promise<boolean> {
    const next = await this.source.next();
    if (next.done) return false;
    const { marked } = this;
    this.held = Buffer.concat([this.held.subarray(marked), next.value]);
    this.used -= marked;
    this.marked = 0;
    return true;
  }
}
