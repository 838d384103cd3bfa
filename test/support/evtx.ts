import { crc32 } from '../../cli/evtx/crc32';

/** A piece of a template or of an element's content. */
export type Part =
  | { readonly text: string }
  | { readonly cdata: string }
  | { readonly entity: string }
  | { readonly character: number }
  | { readonly value: number; readonly type: number; readonly optional?: boolean }
  | Element;

export interface Element {
  readonly name: string;
  readonly attributes?: readonly (readonly [name: string, parts: readonly Part[]])[];
  /** Absent: an empty tag. */
  readonly content?: readonly Part[];
  readonly dependency?: number;
}

export interface Template {
  readonly id: number;
  readonly root: Element;
}

/** A value of an instance: bytes, or a nested instance (binary XML). */
export type Value =
  | { readonly type: number; readonly bytes: Buffer }
  | { readonly template: Template; readonly values: readonly Value[] }
  /** Elements as they are, that tell no dependency. */
  | { readonly bare: Element };

/** An event, as an instance of a template or, `bare`, as its elements: with or without dependencies. */
export type EvtxRecord =
  | { readonly template: Template; readonly values: readonly Value[] }
  | { readonly bare: Element; readonly hasDependencies: boolean };

export const string = (text: string): Value => ({ type: 0x01, bytes: Buffer.from(text, 'utf16le') });
export const u8 = (value: number): Value => ({ type: 0x04, bytes: Buffer.from([value]) });
export const u16 = (value: number): Value => sized(0x06, 2, (b) => b.writeUInt16LE(value));
export const u32 = (value: number): Value => sized(0x08, 4, (b) => b.writeUInt32LE(value));
export const u64 = (value: bigint): Value => sized(0x0a, 8, (b) => b.writeBigUInt64LE(value));
export const hex64 = (value: bigint): Value => sized(0x15, 8, (b) => b.writeBigUInt64LE(value));
export const fileTime = (ms: number, ticks = 0): Value =>
  sized(0x11, 8, (b) => b.writeBigUInt64LE(BigInt(ms) * 10_000n + 116_444_736_000_000_000n + BigInt(ticks)));
export const nothing: Value = { type: 0, bytes: Buffer.alloc(0) };

export function sized(type: number, size: number, write: (bytes: Buffer) => void): Value {
  const bytes = Buffer.alloc(size);
  write(bytes);
  return { type, bytes };
}

export const CHUNK_SIZE = 65_536;

/** Writes one chunk as Windows does: names and templates once, where they are first used. */
class ChunkWriter {
  readonly bytes = Buffer.alloc(CHUNK_SIZE);
  private at = 512;
  private last = 512;
  private readonly names = new Map<string, number>();
  private readonly templates = new Map<number, number>();

  record(id: bigint, record: EvtxRecord): void {
    const start = this.at;
    this.last = start;
    this.u32(0x00002a2a);
    this.u32(0);
    this.at = this.bytes.writeBigUInt64LE(id, this.at);
    this.at = this.bytes.writeBigUInt64LE(132_000_000_000_000_000n + id, this.at);
    this.put([0x0f, 1, 1, 0]);
    if ('bare' in record) this.element(record.bare, record.hasDependencies);
    else this.instance(record.template, record.values);
    this.put([0]);
    const size = this.at + 4 - start;
    this.u32(size);
    this.bytes.writeUInt32LE(size, start + 4);
  }

  finish(first: bigint, last: bigint): Buffer {
    const { bytes } = this;
    bytes.write('ElfChnk\0', 0, 'latin1');
    bytes.writeBigUInt64LE(first, 8);
    bytes.writeBigUInt64LE(last, 16);
    bytes.writeBigUInt64LE(first, 24);
    bytes.writeBigUInt64LE(last, 32);
    bytes.writeUInt32LE(128, 40);
    bytes.writeUInt32LE(this.last, 44);
    bytes.writeUInt32LE(this.at, 48);
    sealChunk(bytes);
    return bytes;
  }

  private instance(template: Template, values: readonly Value[]): void {
    this.put([0x0c, 0x01]);
    this.u32(template.id);
    const known = this.templates.get(template.id);
    this.u32(known ?? this.at + 4);
    if (known === undefined) {
      this.templates.set(template.id, this.at);
      this.u32(0);
      this.u32(template.id);
      this.put(Buffer.alloc(12));
      this.sizedBlock(() => {
        this.put([0x0f, 1, 1, 0]);
        this.element(template.root);
        this.put([0]);
      });
    }
    this.u32(values.length);
    const heads = this.at;
    this.put(Buffer.alloc(values.length * 4));
    values.forEach((value, i) => {
      const start = this.at;
      if ('bytes' in value) this.put(value.bytes);
      else if ('bare' in value) this.element(value.bare, false);
      else {
        this.put([0x0f, 1, 1, 0]);
        this.instance(value.template, value.values);
        this.put([0]);
      }
      this.bytes.writeUInt16LE(this.at - start, heads + i * 4);
      this.bytes.writeUInt8('bytes' in value ? value.type : 0x21, heads + i * 4 + 2);
    });
  }

  private element({ name, attributes = [], content, dependency = 0xffff }: Element, hasDependency = true): void {
    this.put([attributes.length > 0 ? 0x41 : 0x01]);
    if (hasDependency) this.u16(dependency);
    this.sizedBlock(() => {
      this.name(name);
      if (attributes.length > 0) {
        this.sizedBlock(() => {
          attributes.forEach(([attribute, parts], i) => {
            this.put([i + 1 < attributes.length ? 0x46 : 0x06]);
            this.name(attribute);
            this.parts(parts);
          });
        });
      }
      this.put([content === undefined ? 0x03 : 0x02]);
      if (content !== undefined) {
        this.parts(content, hasDependency);
        this.put([0x04]);
      }
    });
  }

  private parts(parts: readonly Part[], hasDependency = true): void {
    for (const part of parts) {
      if ('name' in part) this.element(part, hasDependency);
      else if ('text' in part || 'cdata' in part) {
        const text = 'text' in part ? part.text : part.cdata;
        this.put('text' in part ? [0x05, 0x01] : [0x07]);
        this.u16(text.length);
        this.put(Buffer.from(text, 'utf16le'));
      } else if ('entity' in part) {
        this.put([0x09]);
        this.name(part.entity);
      } else if ('character' in part) {
        this.put([0x08]);
        this.u16(part.character);
      } else {
        this.put([part.optional ? 0x0e : 0x0d]);
        this.u16(part.value);
        this.put([part.type]);
      }
    }
  }

  private name(name: string): void {
    const known = this.names.get(name);
    this.u32(known ?? this.at + 4);
    if (known !== undefined) return;
    this.names.set(name, this.at);
    this.u32(0);
    this.u16(nameHash(name));
    this.u16(name.length);
    this.put(Buffer.from(`${name}\0`, 'utf16le'));
  }

  /** A length in bytes before what it is the length of. */
  private sizedBlock(write: () => void): void {
    const start = this.at;
    this.u32(0);
    write();
    this.bytes.writeUInt32LE(this.at - start - 4, start);
  }

  private put(bytes: Uint8Array | readonly number[]): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  private u16(value: number): void {
    this.at = this.bytes.writeUInt16LE(value, this.at);
  }

  private u32(value: number): void {
    this.at = this.bytes.writeUInt32LE(value, this.at);
  }
}

const nameHash = (name: string): number => {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 65_599) + name.charCodeAt(i)) >>> 0;
  return hash & 0xffff;
};

/** Sets the checksums of a chunk right. */
export function sealChunk(chunk: Buffer): void {
  chunk.writeUInt32LE(crc32(chunk.subarray(512, chunk.readUInt32LE(48))), 52);
  chunk.writeUInt32LE(crc32(chunk.subarray(0, 120), chunk.subarray(128, 512)), 124);
}

/** An event log of these records, by chunk. */
export function evtxFile(chunks: readonly (readonly EvtxRecord[])[]): Buffer {
  const header = Buffer.alloc(4096);
  header.write('ElfFile\0', 0, 'latin1');
  header.writeBigUInt64LE(BigInt(Math.max(0, chunks.length - 1)), 16);
  let next = 1n;
  const bodies = chunks.map((records) => {
    const writer = new ChunkWriter();
    const first = next;
    for (const record of records) writer.record(next++, record);
    return writer.finish(first, next - 1n);
  });
  header.writeBigUInt64LE(next, 24);
  header.writeUInt32LE(128, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt16LE(3, 38);
  header.writeUInt16LE(4096, 40);
  header.writeUInt16LE(chunks.length, 42);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  return Buffer.concat([header, ...bodies]);
}

const DATA: Template[] = [];

/** An event of Sysmon as its provider writes it: the data is a template of its own, in a value of the event's. */
export function sysmonRecord(
  eventId: number,
  ms: number,
  ticks: number,
  data: readonly (readonly [string, Value])[],
): EvtxRecord {
  const names = data.map(([name]) => name).join();
  let template = DATA.find(({ root }) => root.content!.map((part) => nameOf(part)).join() === names);
  if (!template) {
    const content = data.map(
      ([name, value], i): Element => ({
        name: 'Data',
        attributes: [['Name', [{ text: name }]]],
        content: [{ value: i, type: 'bytes' in value ? value.type : 0x21 }],
      }),
    );
    template = { id: 100 + DATA.length, root: { name: 'EventData', content } };
    DATA.push(template);
  }
  const values: Value[] = [
    u16(eventId),
    u8(5),
    u8(4),
    u16(eventId),
    hex64(0x8000000000000000n),
    fileTime(ms, ticks),
    u64(4711n),
    u32(3312),
    u32(5020),
    { type: 0x13, bytes: Buffer.from([1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]) },
    nothing,
    { template, values: data.map(([, value]) => value) },
  ];
  return { template: EVENT, values };
}

const nameOf = (part: Part): string => {
  const first = 'attributes' in part ? part.attributes?.[0]?.[1][0] : undefined;
  return first && 'text' in first ? first.text : '';
};
const field = (name: string, value: number, type: number): Element => ({ name, content: [{ value, type }] });

const EVENT: Template = {
  id: 1,
  root: {
    name: 'Event',
    attributes: [['xmlns', [{ text: 'http://schemas.microsoft.com/win/2004/08/events/event' }]]],
    content: [
      {
        name: 'System',
        content: [
          {
            name: 'Provider',
            attributes: [
              ['Name', [{ text: 'Microsoft-Windows-Sysmon' }]],
              ['Guid', [{ text: '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}' }]],
            ],
          },
          field('EventID', 0, 0x06),
          field('Version', 1, 0x04),
          field('Level', 2, 0x04),
          field('Task', 3, 0x06),
          field('Keywords', 4, 0x15),
          { name: 'TimeCreated', attributes: [['SystemTime', [{ value: 5, type: 0x11, optional: true }]]] },
          field('EventRecordID', 6, 0x0a),
          { name: 'Correlation', attributes: [['ActivityID', [{ value: 10, type: 0x0f, optional: true }]]] },
          {
            name: 'Execution',
            attributes: [
              ['ProcessID', [{ value: 7, type: 0x08 }]],
              ['ThreadID', [{ value: 8, type: 0x08 }]],
            ],
          },
          { name: 'Channel', content: [{ text: 'Microsoft-Windows-Sysmon/Operational' }] },
          { name: 'Computer', content: [{ text: 'WS-042.corp.example' }] },
          { name: 'Security', attributes: [['UserID', [{ value: 9, type: 0x13, optional: true }]]] },
        ],
      },
      { value: 11, type: 0x21, optional: true },
    ],
  },
};
