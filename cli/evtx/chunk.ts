import { eventXml } from './binary-xml';
import { crc32 } from './crc32';
import { EvtxError } from './reader';

export const CHUNK_SIZE = 65_536;
const HEADER_SIZE = 512;
const RECORD_HEADER = 24;
const MIN_RECORD = RECORD_HEADER + 4;
const RECORD_SIGNATURE = 0x00002a2a;

/** An event's XML, or what is wrong with it or its chunk. */
export type EvtxItem = { readonly xml: string } | { readonly problem: string };

/**
 * The events of a chunk in their order. A record that cannot be read costs only itself; where one does not say how long it is, the rest of
 * the chunk is lost, and that is said. Wrong checksums are said too, and what is there is read all the same: a log that was open when it was
 * copied has them.
 */
export function* chunkEvents(chunk: Buffer): Generator<EvtxItem> {
  if (chunk.length < HEADER_SIZE) {
    yield { problem: `only ${chunk.length} bytes of it are there` };
    return;
  }
  if (chunk.toString('latin1', 0, 8) !== 'ElfChnk\0') {
    if (chunk.some((byte) => byte !== 0)) yield { problem: 'it does not begin as a chunk does' };
    return;
  }
  if (chunk.length < CHUNK_SIZE) yield { problem: `it is cut off after ${chunk.length} bytes` };
  const free = chunk.readUInt32LE(48);
  const end = free >= HEADER_SIZE && free <= chunk.length ? free : chunk.length;
  if (crc32(chunk.subarray(0, 120), chunk.subarray(128, HEADER_SIZE)) !== chunk.readUInt32LE(124))
    yield { problem: 'the checksum of its header is wrong' };
  if (crc32(chunk.subarray(HEADER_SIZE, end)) !== chunk.readUInt32LE(52))
    yield { problem: 'the checksum of its records is wrong' };
  let last = 0n;
  for (let at = HEADER_SIZE; at + MIN_RECORD <= chunk.length; ) {
    if (chunk.readUInt32LE(at) !== RECORD_SIGNATURE) {
      if (at < end && chunk.subarray(at, end).some((byte) => byte !== 0))
        yield { problem: `no record begins at ${at}; ${end - at} bytes are lost` };
      return;
    }
    const size = chunk.readUInt32LE(at + 4);
    const id = chunk.readBigUInt64LE(at + 8);
    // Behind what the header counts stand newer records, of a log that was open when it was copied, or what is left of older ones.
    const isSlack = at >= end;
    if (isSlack && id !== last + 1n) return;
    if (size < MIN_RECORD || at + size > chunk.length) {
      if (!isSlack) yield { problem: `the record at ${at} says it has ${size} bytes; the rest of the chunk is lost` };
      return;
    }
    const item = record(chunk, id, at, size);
    if (isSlack && 'problem' in item) return;
    yield item;
    last = id;
    at += size;
  }
}

function record(chunk: Buffer, id: bigint, at: number, size: number): EvtxItem {
  if (chunk.readUInt32LE(at + size - 4) !== size) return { problem: `record ${id} at ${at} does not end as it begins` };
  try {
    return { xml: eventXml(chunk, at + RECORD_HEADER, at + size - 4) };
  } catch (error) {
    if (!(error instanceof EvtxError)) throw error;
    return { problem: `record ${id} at ${at}: ${error.message}` };
  }
}
