import { machine } from './machine';

/** Bytes that a block is hashed of; the shortest text of a set. */
const BLOCK = 4;
/** Longer windows skip hardly more. */
const MAX_WINDOW = 24;
const ENTRY = 20;

export const MIN_TEXT = BLOCK;

/** Lower-case ASCII texts that are looked for together: `wasm/texts.ts` reads what this places. */
export class Texts {
  private readonly window: number;

  /** @param texts each at least `MIN_TEXT` long, at most 65,535 of them */
  constructor(readonly texts: readonly string[]) {
    this.window = Math.min(MAX_WINDOW, ...texts.map((text) => text.length));
  }

  /** Places the tables in the scanner's memory; their address. */
  load(): number {
    const { window, texts } = this;
    // Some four blocks of the table for each that is in a text: a larger one leaves the processor's nearest memory.
    const size = Math.min(16, Math.max(9, Math.ceil(Math.log2(texts.length * window * 4))));
    const bits = 32 - size;
    const shifts = new Uint8Array(1 << size).fill(window - BLOCK + 1);
    const heads = new Uint16Array(1 << size);
    const to = machine();
    const entries = new Uint32Array((ENTRY / 4) * texts.length);
    texts.forEach((text, number) => {
      const bytes = Buffer.from(text, 'latin1');
      const offset = this.offsetOf(bytes, heads, bits);
      for (let end = BLOCK; end <= window; end++) {
        const block = hashAt(bytes, offset + end - BLOCK, bits);
        shifts[block] = Math.min(shifts[block]!, window - end);
      }
      const last = hashAt(bytes, offset + window - BLOCK, bits);
      entries.set([to.place(bytes), bytes.length, offset, heads[last]!, 0], (number * ENTRY) / 4);
      heads[last] = number + 1;
    });
    const place = (array: Uint8Array | Uint16Array | Uint32Array): number =>
      to.place(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    const addresses = [place(shifts), place(heads), place(entries)];
    return place(new Uint32Array([window, ...addresses, bits]));
  }

  /** Where in a text its window begins: where the window's last block is one that ends no other text's. */
  private offsetOf(bytes: Buffer, heads: Uint16Array, bits: number): number {
    const most = bytes.length - this.window;
    for (let offset = most; offset > 0; offset--)
      if (heads[hashAt(bytes, offset + this.window - BLOCK, bits)] === 0) return offset;
    return 0;
  }
}

const hashAt = (bytes: Buffer, at: number, bits: number): number =>
  Math.imul(bytes.readUInt32LE(at) | 0x20202020, 0x9e3779b1) >>> bits;
