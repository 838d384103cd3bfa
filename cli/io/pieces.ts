import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { linesOf, MAX_LINE, tooLong, utf16Decoder } from './byte-lines';
import { bodiesIn, type InputBlock, inputBlocks, isLines } from './input';
import { isRemote } from './sources';

/** A part of an input that is worked on at a time, here or on another thread. */
export type Piece = {
  readonly file: string;
} & ({ readonly from: number; readonly to: number } | InputBlock);

/** Bytes of a file that are read at a time. */
const PIECE = 8 * 1024 * 1024;
const LOOK_AHEAD = 65_536;

/**
 * The pieces of a file, in order. A file of lines that is not packed is cut where lines end, and read by whoever works on the piece; anything
 * else is read and unpacked here. `size`: of a piece, bytes, about.
 */
export async function* piecesOf(file: string, size = PIECE): AsyncGenerator<Piece> {
  const cuts = cutsOf(file, size);
  if (!cuts) {
    for await (const block of inputBlocks(file)) yield { file, ...block };
    return;
  }
  for (const [i, from] of cuts.entries()) if (i + 1 < cuts.length) yield { file, from, to: cuts[i + 1]! };
}

/** Where the pieces of a file begin, and its end; undefined where it has to be read from its beginning. */
function cutsOf(file: string, size: number): number[] | undefined {
  if (file === '-' || isRemote(file) || /\.gz$/i.test(file) || !isLines(file)) return undefined;
  const handle = openFile(file);
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile()) return undefined;
    const block = Buffer.alloc(LOOK_AHEAD);
    if (utf16Decoder(block.subarray(0, readSync(handle, block, 0, 2, 0)))) return undefined;
    const cuts = [0];
    for (let at = size; at < stats.size; at += size) {
      const cut = lineAfter(handle, at, block);
      if (cut >= stats.size) break;
      cuts.push(cut);
      at = Math.max(at, cut);
    }
    return [...cuts, stats.size];
  } finally {
    closeSync(handle);
  }
}

function openFile(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** Where the first line begins that begins at a place or after it; the end of the file where none does. */
function lineAfter(handle: number, at: number, block: Buffer): number {
  for (let position = at - 1; ; ) {
    const length = readSync(handle, block, 0, block.length, position);
    if (length === 0) return Number.POSITIVE_INFINITY;
    const end = block.subarray(0, length).indexOf(10);
    if (end >= 0) return position + end + 1;
    position += length;
  }
}

/** A piece as another thread sent it, where bytes are no longer Buffers. */
export function ownPiece(piece: Piece): Piece {
  if ('lines' in piece) return { ...piece, lines: bufferOf(piece.lines) };
  return 'bodies' in piece ? { ...piece, bodies: piece.bodies.map(bufferOf) } : piece;
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What of a piece can be handed over to another thread, not copied. */
export function transferOf(piece: Piece): ArrayBuffer[] {
  if (!('lines' in piece)) return [];
  const { buffer, byteLength } = piece.lines;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

/** Reads pieces, one at a time: the bodies of one are views of memory that the next is read into. */
export class PieceReader {
  private memory = Buffer.alloc(0);
  private file: { readonly name: string; readonly handle: number } | undefined;

  /** The bodies of the messages of a piece. Throws Error, with the file's name, where it cannot be read. */
  bodies(piece: Piece): readonly Buffer[] {
    if (!('from' in piece)) return bodiesIn(piece);
    const { file, from, to } = piece;
    if (this.file?.name !== file) {
      this.close();
      this.file = { name: file, handle: openFile(file) };
    }
    if (to - from > 2 * PIECE + MAX_LINE) throw new Error(`${file}: ${tooLong().message}`);
    if (this.memory.length < to - from) this.memory = Buffer.allocUnsafeSlow(Math.max(to - from, PIECE + LOOK_AHEAD));
    let length = 0;
    while (length < to - from) {
      const read = readSync(this.file.handle, this.memory, length, to - from - length, from + length);
      if (read === 0) break;
      length += read;
    }
    return linesOf(this.memory.subarray(0, length));
  }

  close(): void {
    if (this.file) closeSync(this.file.handle);
    this.file = undefined;
  }
}
