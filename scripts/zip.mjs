// A zip archive, made so that the same files give the same bytes.
import { crc32, deflateRawSync } from 'node:zlib';

/** 1980-01-01, the first date that the format can say: times would make two packages of one build differ. */
const DATE = 0x0021;
const UTF8 = 0x0800;

/**
 * Zip format of APPNOTE.TXT, without encryption and Zip64: up to 65,535 files and 4 GiB.
 *
 * @param {readonly { name: string, contents: Buffer }[]} files names with `/`
 * @returns {Buffer}
 */
export function zip(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { name, contents } of files) {
    const path = Buffer.from(name);
    const packed = deflateRawSync(contents, { level: 9 });
    const isSmaller = packed.length < contents.length;
    const data = isSmaller ? packed : contents;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(UTF8, 2);
    common.writeUInt16LE(isSmaller ? 8 : 0, 4);
    common.writeUInt16LE(0, 6);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc32(contents), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(contents.length, 18);
    common.writeUInt16LE(path.length, 22);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, path, data);
    // Made by: Unix, so that the mode counts: a regular file that all may read.
    const made = Buffer.from([20, 3]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((0o100644 << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02', 'latin1'), made, common, rest, path);
    offset += 30 + path.length + data.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, entries, end]);
}
