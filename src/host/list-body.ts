import { gunzipSync, inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * Bytes of a list → its text: unpacked where they are a gzip stream or a ZIP archive of one file, as Kusto does; UTF-8, or UTF-16 with a byte
 * order mark. Throws Error for an archive that is damaged or holds more than `maxBytes`.
 */
export function listText(bytes: Buffer, maxBytes: number): string {
  const plain = unpack(bytes, maxBytes);
  const encoding = plain[0] === 0xff && plain[1] === 0xfe ? 'utf-16le' : 'utf-8';
  return new TextDecoder(encoding).decode(plain);
}

function unpack(bytes: Buffer, maxBytes: number): Buffer {
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes, { maxOutputLength: maxBytes });
    if (bytes.length > 30 && bytes.readUInt32LE(0) === LOCAL_ENTRY) return onlyFile(bytes, maxBytes);
  } catch (error) {
    const isTooLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new Error(
      isTooLong ? `it unpacks to more than ${maxBytes} bytes` : `it cannot be unpacked (${(error as Error).message})`,
    );
  }
  return bytes;
}

/** The file of a ZIP archive. Sizes are those of the directory: a file that was written as a stream has none in front of it. */
function onlyFile(zip: Buffer, maxBytes: number): Buffer {
  const end = endOfDirectory(zip);
  const count = zip.readUInt16LE(end + 10);
  const at = zip.readUInt32LE(end + 16);
  const files: { method: number; flags: number; size: number; offset: number }[] = [];
  for (let i = 0, entry = at; i < count; i++) {
    if (zip.readUInt32LE(entry) !== DIRECTORY_ENTRY) throw new Error('its directory is damaged');
    const nameLength = zip.readUInt16LE(entry + 28);
    const isFolder = zip[entry + 45 + nameLength] === 0x2f;
    if (!isFolder)
      files.push({
        flags: zip.readUInt16LE(entry + 8),
        method: zip.readUInt16LE(entry + 10),
        size: zip.readUInt32LE(entry + 20),
        offset: zip.readUInt32LE(entry + 42),
      });
    entry += 46 + nameLength + zip.readUInt16LE(entry + 30) + zip.readUInt16LE(entry + 32);
  }
  const [file] = files;
  if (!file || files.length > 1) throw new Error(`it holds ${files.length} files, not one`);
  if ((file.flags & 1) !== 0) throw new Error('it is encrypted');
  if (file.offset === 0xffffffff || file.size === 0xffffffff) throw new Error('it is a ZIP64 archive');
  if (zip.readUInt32LE(file.offset) !== LOCAL_ENTRY) throw new Error('its directory is damaged');
  const start = file.offset + 30 + zip.readUInt16LE(file.offset + 26) + zip.readUInt16LE(file.offset + 28);
  const packed = zip.subarray(start, start + file.size);
  if (packed.length < file.size) throw new Error('it is cut off');
  if (file.method === DEFLATED) return inflateRawSync(packed, { maxOutputLength: maxBytes });
  if (file.method === STORED) return packed;
  throw new Error(`it is packed by method ${file.method}, which is not supported`);
}

/** The record at the end, before a comment of at most 64 KiB. */
function endOfDirectory(zip: Buffer): number {
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 22 - 0xffff); at--)
    if (zip.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  throw new Error('its directory is missing');
}
