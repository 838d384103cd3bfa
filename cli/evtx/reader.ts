/** What makes a record unreadable. */
export class EvtxError extends Error {}

/** Reads on through bytes of a chunk, up to an end: nothing is ever read beyond. Throws EvtxError. */
export class Reader {
  constructor(
    readonly bytes: Buffer,
    public at: number,
    readonly end: number,
  ) {
    if (at < 0 || at > end || end > bytes.length) throw new EvtxError(`bytes ${at} to ${end} lie outside the chunk`);
  }

  get left(): number {
    return this.end - this.at;
  }

  take(length: number): Buffer {
    if (length > this.left) throw new EvtxError(`${length} bytes wanted at ${this.at}, ${this.left} are left`);
    const piece = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return piece;
  }

  peek(): number {
    if (this.left === 0) throw new EvtxError(`the binary XML ends at ${this.at}`);
    return this.bytes[this.at]!;
  }

  u8(): number {
    return this.take(1)[0]!;
  }

  u16(): number {
    return this.take(2).readUInt16LE();
  }

  u32(): number {
    return this.take(4).readUInt32LE();
  }

  /** UTF-16 text of so many characters. */
  text(length: number): string {
    return this.take(length * 2).toString('utf16le');
  }
}
