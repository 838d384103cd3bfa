import { CHUNK_SIZE, chunkEvents, type EvtxItem } from './chunk';
import { crc32 } from './crc32';

const HEADER_SIZE = 128;

/**
 * The events of a Windows event log file (.evtx) as XML, chunk by chunk: no more than one is in memory.
 * Problems name their chunk, from 0, and its record. Throws Error where the bytes are no event log at all.
 */
export async function* evtxEvents(stream: AsyncIterable<Buffer>): AsyncGenerator<EvtxItem> {
  const blocks = new Blocks(stream);
  const header = await blocks.take(HEADER_SIZE);
  if (header.toString('latin1', 0, 8) !== 'ElfFile\0') throw new Error('it is no Windows event log (EVTX)');
  if (header.length < HEADER_SIZE) throw new Error('it is cut off within its header');
  const [minor, major] = [header.readUInt16LE(36), header.readUInt16LE(38)];
  if (major !== 3) throw new Error(`it is an event log of version ${major}.${minor}; 3.1 and 3.2 are understood`);
  if (crc32(header.subarray(0, 120)) !== header.readUInt32LE(124))
    yield { problem: 'the checksum of the file header is wrong' };
  await blocks.take(Math.max(0, header.readUInt16LE(40) - HEADER_SIZE));
  for (let number = 0; ; number++) {
    const chunk = await blocks.take(CHUNK_SIZE);
    if (chunk.length === 0) return;
    for (const item of chunkEvents(chunk)) yield 'xml' in item ? item : { problem: `chunk ${number}: ${item.problem}` };
  }
}

/** Cuts a stream into pieces of given lengths. */
class Blocks {
  private readonly source: AsyncIterator<Buffer>;
  private parts: Buffer[] = [];
  private length = 0;

  constructor(stream: AsyncIterable<Buffer>) {
    this.source = stream[Symbol.asyncIterator]();
  }

  /** So many bytes, fewer at the end. */
  async take(wanted: number): Promise<Buffer> {
    while (this.length < wanted) {
      const next = await this.source.next();
      if (next.done) break;
      this.parts.push(next.value);
      this.length += next.value.length;
    }
    const all = Buffer.concat(this.parts);
    this.parts = [all.subarray(wanted)];
    this.length = this.parts[0]!.length;
    return all.subarray(0, wanted);
  }
}
