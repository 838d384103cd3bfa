const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/**
 * The partition that Event Hubs gives a partition key: Bob Jenkins' lookup3 over the UTF-8 bytes, folded to 16 bits,
 * modulo the number of partitions. The same as the buffered producer of `@azure/event-hubs`.
 */
export function partitionForKey(key: string, partitionCount: number): number {
  const bytes = Buffer.from(key, 'utf8');
  let a = (0xdeadbeef + bytes.length) | 0;
  let b = a;
  let c = a;
  let at = 0;
  let left = bytes.length;
  while (left > 12) {
    a = (a + bytes.readInt32LE(at)) | 0;
    b = (b + bytes.readInt32LE(at + 4)) | 0;
    c = (c + bytes.readInt32LE(at + 8)) | 0;
    a = ((a - c) | 0) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = ((a - c) | 0) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotate(b, 4);
    b = (b + a) | 0;
    at += 12;
    left -= 12;
  }
  if (left > 0) {
    const tail = Buffer.alloc(12);
    bytes.copy(tail, 0, at);
    a = (a + tail.readInt32LE(0)) | 0;
    b = (b + tail.readInt32LE(4)) | 0;
    c = (c + tail.readInt32LE(8)) | 0;
    c = ((c ^ b) - rotate(b, 14)) | 0;
    a = ((a ^ c) - rotate(c, 11)) | 0;
    b = ((b ^ a) - rotate(a, 25)) | 0;
    c = ((c ^ b) - rotate(b, 16)) | 0;
    a = ((a ^ c) - rotate(c, 4)) | 0;
    b = ((b ^ a) - rotate(a, 14)) | 0;
    c = ((c ^ b) - rotate(b, 24)) | 0;
  }
  const hash = ((c ^ b) << 16) >> 16;
  return Math.abs(hash % partitionCount);
}
