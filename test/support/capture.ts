import { deflateRawSync } from 'node:zlib';
import { Type } from 'avsc';

/** The schema of Event Hubs Capture. https://learn.microsoft.com/azure/event-hubs/explore-captured-avro-files */
const SCHEMA = {
  type: 'record',
  name: 'EventData',
  namespace: 'Microsoft.ServiceBus.Messaging',
  fields: [
    { name: 'SequenceNumber', type: 'long' },
    { name: 'Offset', type: 'string' },
    { name: 'EnqueuedTimeUtc', type: 'string' },
    { name: 'SystemProperties', type: { type: 'map', values: ['long', 'double', 'string', 'bytes'] } },
    { name: 'Properties', type: { type: 'map', values: ['long', 'double', 'string', 'bytes', 'null'] } },
    { name: 'Body', type: ['null', 'bytes'] },
  ],
};
const TYPE = Type.forSchema(SCHEMA as never);
const MARKER = Buffer.from('0123456789abcdef');

export interface Captured {
  readonly body: string | null;
  /** As Capture writes it: `3/14/2026 3:05:30 PM`. */
  readonly time: string;
}

/** Avro's zigzag form of a number that is not negative. */
function long(value: number): Buffer {
  const bytes: number[] = [];
  let left = value * 2;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return Buffer.from([...bytes, left]);
}
const text = (value: string | Buffer): Buffer => Buffer.concat([long(Buffer.byteLength(value)), Buffer.from(value)]);

/** A Capture file with these messages, by block. */
export function captureFile(
  blocks: readonly (readonly Captured[])[],
  { codec = 'null', schema = SCHEMA as object }: { readonly codec?: string; readonly schema?: object } = {},
): Buffer {
  let number = 0;
  const bodies = blocks.flatMap((messages) => {
    const records = messages.map(({ body, time }) =>
      TYPE.toBuffer({
        ...{ SequenceNumber: number++, Offset: `${number * 100}`, EnqueuedTimeUtc: time },
        ...{ SystemProperties: { 'x-opt-partition-key': { string: 'k' } }, Properties: { a: { long: 1 }, b: null } },
        Body: body === null ? null : Buffer.from(body),
      }),
    );
    const plain = Buffer.concat(records);
    const packed = codec === 'deflate' ? deflateRawSync(plain) : plain;
    return [long(messages.length), long(packed.length), packed, MARKER];
  });
  const metadata = [
    long(2),
    text('avro.codec'),
    text(codec),
    text('avro.schema'),
    text(JSON.stringify(schema)),
    long(0),
  ];
  return Buffer.concat([Buffer.from('Obj\u0001', 'latin1'), ...metadata, MARKER, ...bodies]);
}
