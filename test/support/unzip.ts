import { crc32, inflateRawSync } from 'node:zlib';

/** Files of an archive, read by way of its directory; throws where a checksum is wrong. */
export function unzip(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = archive.readUInt32LE(end + 16);
  for (let i = archive.readUInt16LE(end + 10); i > 0; i--) {
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26);
    const packed = archive.subarray(start, start + archive.readUInt32LE(at + 20));
    const contents = archive.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed;
    if (crc32(contents) !== archive.readUInt32LE(at + 16)) throw new Error(`${name} is damaged`);
    files.set(name, contents);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}
