import { HEAP, MARGIN } from './layout';
import { MODULE } from './module';

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  begin(at: number, length: number): void;
  next(firstColumns: number): number;
  enter(at: number): void;
  wholeNumber(key: number): number;
  wordOf(key: number): number;
  isTime(key: number): number;
  addKey(at: number, length: number): number;
  clearKeys(): void;
  setKeys(type: number, time: number): void;
  hasHidingMarkup(start: number, end: number): number;
  beginXml(at: number, length: number): void;
  nextXml(): number;
  find(set: number, start: number, end: number): number;
}

/** What is used of the WebAssembly object: its types come with a browser's. */
const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyObject }).WebAssembly;
interface WebAssemblyObject {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const PAGE = 65_536;
/** Longer bodies are not scanned, bytes. */
const MOST = 16 * 1024 * 1024;

/** The one instance of the scanner in a process: a memory of its own for each set of rules would be reserved and hardly used. */
class Machine {
  readonly run: Exports;
  /** What its keys and texts were loaded for. */
  owner: unknown;
  /** Where the next thing is placed. */
  free = HEAP;
  bytes!: Uint8Array;
  words!: Int32Array;
  halves!: Uint16Array;
  buffer!: Buffer;

  constructor() {
    const module = new Module(Buffer.from(MODULE, 'base64'));
    const abort = () => {
      throw new Error('the scanner has stopped');
    };
    this.run = new Instance(module, { env: { abort } }).exports as Exports;
    this.look();
  }

  /** Room for so many bytes from `free` on; false: too many. */
  fits(length: number): boolean {
    const needed = this.free + length + MARGIN;
    if (needed <= this.bytes.length) return true;
    if (length > MOST) return false;
    this.run.memory.grow(Math.ceil((needed - this.bytes.length) / PAGE));
    this.look();
    return true;
  }

  /** Places bytes; their address, a multiple of 4. */
  place(bytes: Uint8Array): number {
    if (!this.fits(bytes.length + 4)) throw new RangeError(`${bytes.length} bytes are too many for the scanner`);
    const at = this.free;
    this.bytes.set(bytes, at);
    this.free += (bytes.length + 7) & ~3;
    return at;
  }

  private look(): void {
    const { buffer } = this.run.memory;
    this.bytes = new Uint8Array(buffer);
    this.words = new Int32Array(buffer);
    this.halves = new Uint16Array(buffer);
    this.buffer = Buffer.from(buffer);
  }
}

let made: Machine | undefined;

export const machine = (): Machine => {
  made ??= new Machine();
  return made;
};
