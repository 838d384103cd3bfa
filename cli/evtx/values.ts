import { EvtxError } from './reader';

/** A value of a template instance: its type, and its bytes. */
export interface EvtxValue {
  readonly type: number;
  readonly bytes: Buffer;
  /** Where the bytes begin in their chunk. */
  readonly at: number;
}

export const NULL_TYPE = 0x00;
export const BINARY_XML_TYPE = 0x21;
const ARRAY = 0x80;

export const isArray = ({ type }: EvtxValue): boolean => (type & ARRAY) !== 0;

const hex = (bytes: Buffer): string => `0x${bytes.readBigUInt64LE().toString(16)}`;
const widened = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(8 - bytes.length)]);

/** Renders values of a fixed size as Windows does: [bytes, text]. https://learn.microsoft.com/openspecs/windows_protocols/ms-even6 3.1.4.7.3 */
const FIXED = new Map<number, readonly [size: number, text: (bytes: Buffer) => string]>([
  [0x03, [1, (bytes) => String(bytes.readInt8())]],
  [0x04, [1, (bytes) => String(bytes.readUInt8())]],
  [0x05, [2, (bytes) => String(bytes.readInt16LE())]],
  [0x06, [2, (bytes) => String(bytes.readUInt16LE())]],
  [0x07, [4, (bytes) => String(bytes.readInt32LE())]],
  [0x08, [4, (bytes) => String(bytes.readUInt32LE())]],
  [0x09, [8, (bytes) => String(bytes.readBigInt64LE())]],
  [0x0a, [8, (bytes) => String(bytes.readBigUInt64LE())]],
  [0x0b, [4, (bytes) => realText(bytes.readFloatLE(), 7)]],
  [0x0c, [8, (bytes) => realText(bytes.readDoubleLE(), 15)]],
  [0x0d, [4, (bytes) => (bytes.readUInt32LE() === 0 ? 'false' : 'true')]],
  [0x0f, [16, guidText]],
  [0x11, [8, (bytes) => fileTimeText(bytes.readBigUInt64LE())]],
  [0x12, [16, systemTimeText]],
  [0x14, [4, (bytes) => hex(widened(bytes))]],
  [0x15, [8, hex]],
]);

/** The text of a value that is neither binary XML nor an array, not escaped. Throws EvtxError. */
export function valueText({ type, bytes }: Pick<EvtxValue, 'type' | 'bytes'>): string {
  const fixed = FIXED.get(type);
  if (fixed) {
    const [size, text] = fixed;
    if (bytes.length !== size) throw new EvtxError(`a value of type ${type} has ${bytes.length} bytes, not ${size}`);
    return text(bytes);
  }
  switch (type) {
    case NULL_TYPE:
      return '';
    case 0x01:
      return withoutEnd(bytes.subarray(0, bytes.length & ~1).toString('utf16le'));
    case 0x02:
      return withoutEnd(new TextDecoder('windows-1252').decode(bytes));
    case 0x0e:
      return bytes.toString('hex').toUpperCase();
    case 0x10:
      if (bytes.length === 4 || bytes.length === 8) return hex(widened(bytes));
      break;
    case 0x13:
      return sidText(bytes);
  }
  throw new EvtxError(`a value of type 0x${type.toString(16)} with ${bytes.length} bytes is not understood`);
}

/** The values of an array. Throws EvtxError. */
export function arrayItems({ type, bytes, at }: EvtxValue): EvtxValue[] {
  const item = type & ~ARRAY;
  if (item === 0x01 || item === 0x02) {
    const text = item === 0x01 ? bytes.toString('utf16le') : bytes.toString('latin1');
    const encoding = item === 0x01 ? 'utf16le' : 'latin1';
    return withoutEnd(text)
      .split('\0')
      .map((part) => ({ type: item, bytes: Buffer.from(part, encoding), at }));
  }
  const size = item === 0x10 ? 8 : FIXED.get(item)?.[0];
  if (size === undefined || bytes.length % size !== 0)
    throw new EvtxError(`an array of type 0x${item.toString(16)} with ${bytes.length} bytes is not understood`);
  return Array.from({ length: bytes.length / size }, (_, i) => ({
    type: item,
    bytes: bytes.subarray(i * size, (i + 1) * size),
    at,
  }));
}

const withoutEnd = (text: string): string => (text.endsWith('\0') ? text.slice(0, -1) : text);

/** As the C library of Windows prints what is no number. */
function realText(value: number, digits: number): string {
  if (Number.isNaN(value)) return '-1.#IND';
  if (!Number.isFinite(value)) return value > 0 ? '1.#INF' : '-1.#INF';
  return String(Number(value.toPrecision(digits)));
}

function guidText(bytes: Buffer): string {
  const parts = [
    bytes.readUInt32LE(0).toString(16).padStart(8, '0'),
    bytes.readUInt16LE(4).toString(16).padStart(4, '0'),
    bytes.readUInt16LE(6).toString(16).padStart(4, '0'),
    bytes.subarray(8, 10).toString('hex'),
    bytes.subarray(10, 16).toString('hex'),
  ];
  return `{${parts.join('-')}}`;
}

/** Ticks (100 ns) from 1601-01-01 to 1970-01-01. */
const UNIX_EPOCH = 116_444_736_000_000_000n;

/** `2026-03-14T14:31:07.1234567Z` of a FILETIME. Throws EvtxError for one beyond the year 9999. */
function fileTimeText(ticks: bigint): string {
  const since = ticks - UNIX_EPOCH;
  const fraction = ((since % 10_000_000n) + 10_000_000n) % 10_000_000n;
  const date = new Date(Number((since - fraction) / 10_000n));
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) throw new EvtxError(`FILETIME ${ticks} is no time`);
  return `${date.toISOString().slice(0, 19)}.${String(fraction).padStart(7, '0')}Z`;
}

function systemTimeText(bytes: Buffer): string {
  const [year, month, , day, hour, minute, second, ms] = Array.from({ length: 8 }, (_, i) => bytes.readUInt16LE(i * 2));
  const pad = (value: number | undefined, width = 2) => String(value).padStart(width, '0');
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}.${pad(ms, 3)}Z`;
}

/** https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp 2.4.2 */
function sidText(bytes: Buffer): string {
  const count = bytes[1] ?? 0;
  if (bytes.length < 8 || bytes.length !== 8 + count * 4) throw new EvtxError('a SID has a wrong length');
  const parts = Array.from({ length: count }, (_, i) => bytes.readUInt32LE(8 + i * 4));
  return ['S', bytes[0], bytes.readUIntBE(2, 6), ...parts].join('-');
}
