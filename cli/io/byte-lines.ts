import { TextDecoder } from 'node:util';

const LF = 10;
const CR = 13;
const SPACE = 0x20;

/** Whether a line holds nothing but white space, of ASCII: what more there is, is the decoder's to judge. */
function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i]! > SPACE) return false;
  return true;
}

/** A hub takes messages of 1 MiB. */
export const MAX_LINE = 64 * 1024 * 1024;

/**
 * The lines of some bytes that are not blank, as they are: only a line feed ends one, with or without a return before it, for JSON may hold
 * every other separator. Views of the bytes, no copies.
 */
export function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(LF, from);
    const end = found < 0 ? bytes.length : found;
    const to = bytes[end - 1] === CR && end > from ? end - 1 : end;
    if (bytes[from]! > SPACE || !isBlank(bytes, from, to)) lines.push(bytes.subarray(from, to));
    from = end + 1;
  }
  return lines;
}

export const tooLong = (): Error => new Error(`a line is longer than ${MAX_LINE >> 20} MiB`);

/** Chunks of a stream → blocks of whole lines, each of about `size` bytes or as long as its one line. Throws Error for a line beyond `MAX_LINE`. */
export async function* lineBlocks(stream: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of utf8(stream)) {
    const end = length + chunk.length >= size ? chunk.lastIndexOf(LF) + 1 : 0;
    if (end === 0) {
      parts.push(chunk);
      length += chunk.length;
      if (length > size + MAX_LINE) throw tooLong();
      continue;
    }
    yield Buffer.concat([...parts, chunk.subarray(0, end)]);
    parts = [chunk.subarray(end)];
    length = chunk.length - end;
  }
  if (length > 0) yield Buffer.concat(parts);
}

/** A text in UTF-16 with its mark, as PowerShell writes it, as UTF-8; anything else as it is. */
async function* utf8(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | undefined;
  let isFirst = true;
  for await (const chunk of stream) {
    if (isFirst) decoder = utf16Decoder(chunk);
    isFirst = false;
    yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk;
  }
}

/** For bytes that begin with the mark of UTF-16. */
export function utf16Decoder(bytes: Uint8Array): TextDecoder | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le');
  return bytes[0] === 0xfe && bytes[1] === 0xff ? new TextDecoder('utf-16be') : undefined;
}
