import { FOUND, HEAP, MAX_KEYS, RECORD, SLOTS } from './layout';
import { machine } from './machine';
import type { Texts } from './texts';

const BOM = [0xef, 0xbb, 0xbf];

/**
 * Goes over the records of message bodies without making anything of them: says of each where it is, that it is valid JSON, and what a few of
 * its properties hold. All of it happens in WebAssembly (`wasm/`), at several times the speed of JSON.parse.
 *
 * One body at a time: what is asked between two calls of `next` is of the record that the first one found.
 */
export class Scanner {
  private sets: number[] = [];
  private body = 0;

  /**
   * @param keys names of properties that are looked for, and texts that `wordOf` tells; by their places here they are asked for
   * @param firstColumns how many of the keys, the first ones, are columns that a row of a table begins with
   */
  constructor(
    private readonly keys: readonly string[],
    private readonly firstColumns: number,
    private readonly texts: readonly Texts[],
  ) {
    if (keys.length > MAX_KEYS) throw new RangeError(`${keys.length} keys: more than ${MAX_KEYS}`);
  }

  /** False: the body is too long to be looked at. */
  begin(body: Uint8Array): boolean {
    const to = machine();
    if (to.owner !== this) this.load();
    if (!to.fits(body.length)) return false;
    const skip = body[0] === BOM[0] && body[1] === BOM[1] && body[2] === BOM[2] ? 3 : 0;
    to.bytes.set(body, to.free);
    this.body = to.free;
    to.run.begin(to.free + skip, body.length - skip);
    return true;
  }

  private load(): void {
    const to = machine();
    to.owner = this;
    to.free = HEAP;
    to.run.clearKeys();
    for (const [number, key] of this.keys.entries()) {
      const bytes = Buffer.from(key);
      if (to.run.addKey(to.place(bytes), bytes.length) !== number) throw new Error(`the key ${key} is there twice`);
    }
    this.sets = this.texts.map((set) => set.load());
  }

  /** Whether there is another record; `UNKNOWN`: the body is not one that is read here, or not valid, and what was found in it does not count. */
  next(): number {
    return machine().run.next(this.firstColumns);
  }

  /** Where the record begins and ends, bytes of the body. */
  get start(): number {
    return this.word(0) - this.body;
  }

  get end(): number {
    return this.word(1) - this.body;
  }

  /** How many properties the record has, those of one name counted each. */
  get properties(): number {
    return this.word(2);
  }

  /** Some plain character stands in another form than itself, as an escape or as one that folds to it. */
  get hides(): boolean {
    return this.word(3) !== 0;
  }

  /** Some number may be one that a double does not hold. */
  get hasBigNumber(): boolean {
    return this.word(4) !== 0;
  }

  /** Some property's name holds an escape. */
  get hasOddName(): boolean {
    return this.word(5) !== 0;
  }

  /** The record stands in a text that is read as rows of tables alone: see `beginsAsTableRows`. */
  get isRowOnly(): boolean {
    return this.word(6) !== 0;
  }

  has(key: number): boolean {
    return this.slot(key) >= 0;
  }

  /** First byte of a property's value: `"`, `{`, `[`, `n` of null …; 0: it is not there. */
  kind(key: number): number {
    const slot = this.slot(key);
    return slot < 0 ? 0 : machine().bytes[machine().words[slot + 1]!]!;
  }

  /** A property's value as JSON text; undefined: it is not there. */
  json(key: number): string | undefined {
    const slot = this.slot(key);
    if (slot < 0) return undefined;
    const { words, buffer } = machine();
    return buffer.toString('utf8', words[slot + 1], words[slot + 2]);
  }

  /** A property's whole number; `ABSENT`: it is not there, or null; `ODD`: it is written in another way, or is none. */
  wholeNumber(key: number): number {
    return machine().run.wholeNumber(key);
  }

  /** The key that a property's text equals; -1: none, or it has escapes. */
  wordOf(key: number): number {
    return machine().run.wordOf(key);
  }

  /** Whether a property is a time in UTC as rows have it. False says nothing. */
  isTime(key: number): boolean {
    return machine().run.isTime(key) !== 0;
  }

  /** Bytes of the body as Latin-1. */
  latin1(start: number, end: number): string {
    return machine().buffer.toString('latin1', this.body + start, this.body + end);
  }

  /** How many of a set of texts stand in the record; `foundAt` tells which. */
  find(set: number): number {
    return machine().run.find(this.sets[set]!, this.word(0), this.word(1));
  }

  /** As `find`, among the bytes of the body from `start` to `end`. */
  findIn(set: number, start: number, end: number): number {
    return machine().run.find(this.sets[set]!, this.body + start, this.body + end);
  }

  foundAt(place: number): number {
    return machine().halves[(FOUND >> 1) + place]!;
  }

  /** Where the value of a property begins, for `enter`; undefined: it is no object. */
  objectAt(key: number): number | undefined {
    return this.kind(key) === 0x7b ? machine().words[this.slot(key) + 1] : undefined;
  }

  /** From here on what is asked is of an object within the record, until `leave`. */
  enter(object: number): void {
    machine().run.enter(object);
  }

  leave(): void {
    machine().run.enter(this.word(0));
  }

  private word(place: number): number {
    return machine().words[(RECORD >> 2) + place]!;
  }

  /** Place of a property's slot in the words; -1: the record has none. */
  private slot(key: number): number {
    const { words } = machine();
    const slot = (SLOTS >> 2) + key * 4;
    return words[slot] === words[(RECORD >> 2) + 7] ? slot : -1;
  }
}
