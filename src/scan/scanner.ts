import { FOUND, HEAP, MAX_KEYS, MAX_NUMBER, RECORD, SLOTS, TABLES } from './layout';
import { machine } from './machine';
import type { Texts } from './texts';

const BOM = [0xef, 0xbb, 0xbf];

/** Rows that are passed over without being given: those of tables whose rows some legs ask for by number alone, and of none. */
export interface PassedTables {
  /** Keys of the properties that name a row's table and time. */
  readonly typeKey: number;
  readonly timeKey: number;
  readonly rows: readonly {
    /** Key of the table's name. */
    readonly name: number;
    /** Key of the column of whole numbers that decides; -1: no row is asked for. */
    readonly column: number;
    /** Numbers from 0 to `MAX_NUMBER` whose rows are not passed over. Others are not, either. */
    readonly numbers: Iterable<number>;
  }[];
}

const NO_TABLES: PassedTables = { typeKey: 0, timeKey: 0, rows: [] };

/**
 * Goes over the records of message bodies without making anything of them: says of each where it is, that it is valid JSON, and what a few of
 * its properties hold. All of it happens in WebAssembly (`wasm/`), at several times the speed of JSON.parse.
 *
 * One body at a time: what is asked between two calls of `next` is of the record that the first one found.
 */
export class Scanner {
  private sets: number[] = [];
  private body = 0;

  private readonly machine = machine();

  /**
   * @param keys names of properties that are looked for, and texts that `wordOf` tells; by their places here they are asked for
   * @param firstColumns how many of the keys, the first ones, are columns that a row of a table begins with
   */
  constructor(
    private readonly keys: readonly string[],
    private readonly firstColumns: number,
    private readonly texts: readonly Texts[],
    private readonly tables: PassedTables = NO_TABLES,
  ) {
    if (keys.length > MAX_KEYS) throw new RangeError(`${keys.length} keys: more than ${MAX_KEYS}`);
  }

  /** False: the body is too long to be looked at. */
  begin(body: Uint8Array): boolean {
    const skip = this.place(body);
    if (skip < 0) return false;
    this.machine.run.begin(this.body + skip, body.length - skip);
    return true;
  }

  /** As `begin`, of a body that is XML: its events are found by `nextEvent`. */
  beginXml(body: Uint8Array): boolean {
    const skip = this.place(body);
    if (skip < 0) return false;
    this.machine.run.beginXml(this.body + skip, body.length - skip);
    return true;
  }

  /** Whether there is another event: well-formed, written as Windows does, with a number and a time. `UNKNOWN` as of `next`. */
  nextEvent(): number {
    return this.machine.run.nextXml();
  }

  /** The number of the event that `nextEvent` found. */
  get eventId(): number {
    return this.word(9);
  }

  /** Places a body in the scanner's memory; bytes of it that are a mark, -1: it is too long. */
  private place(body: Uint8Array): number {
    const to = this.machine;
    if (to.owner !== this) this.load();
    if (!to.fits(body.length)) return -1;
    to.bytes.set(body, to.free);
    this.body = to.free;
    return body[0] === BOM[0] && body[1] === BOM[1] && body[2] === BOM[2] ? 3 : 0;
  }

  private load(): void {
    const to = this.machine;
    to.owner = this;
    to.free = HEAP;
    to.run.clearKeys();
    for (const [number, key] of this.keys.entries()) {
      const bytes = Buffer.from(key);
      if (to.run.addKey(to.place(bytes), bytes.length) !== number) throw new Error(`the key ${key} is there twice`);
    }
    this.sets = this.texts.map((set) => set.load());
    to.run.setKeys(this.tables.typeKey, this.tables.timeKey);
    to.words.fill(0, TABLES >> 2, (TABLES >> 2) + MAX_KEYS);
    for (const { name, column, numbers } of this.tables.rows) {
      const bits = new Uint8Array(4 + (MAX_NUMBER + 1) / 8);
      new Int32Array(bits.buffer, 0, 1)[0] = column;
      for (const number of numbers) bits[4 + (number >> 3)]! |= 1 << (number & 7);
      const at = to.place(bits);
      to.words[(TABLES >> 2) + name] = at;
    }
  }

  /** Whether there is another record that is not passed over; `UNKNOWN`: the body is not one that is read here, or not valid, and what was found in it does not count. */
  next(): number {
    return this.machine.run.next(this.firstColumns);
  }

  /** Records passed over before the one last found, or before the end. */
  get passed(): number {
    return this.word(8);
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
    return slot < 0 ? 0 : this.machine.bytes[this.machine.words[slot + 1]!]!;
  }

  /** A property's value as JSON text; undefined: it is not there. */
  json(key: number): string | undefined {
    const slot = this.slot(key);
    if (slot < 0) return undefined;
    const { words, buffer } = this.machine;
    return buffer.toString('utf8', words[slot + 1], words[slot + 2]);
  }

  /** A property's whole number; `ABSENT`: it is not there, or null; `ODD`: it is written in another way, or is none. */
  wholeNumber(key: number): number {
    return this.machine.run.wholeNumber(key);
  }

  /** The key that a property's text equals; -1: none, or it has escapes. */
  wordOf(key: number): number {
    return this.machine.run.wordOf(key);
  }

  /** Whether a property is a time in UTC as rows have it. False says nothing. */
  isTime(key: number): boolean {
    return this.machine.run.isTime(key) !== 0;
  }

  /** Whether there is a comment, CDATA, an instruction or a reference to a character of XML among these bytes. */
  hasHidingMarkup(start: number, end: number): boolean {
    return this.machine.run.hasHidingMarkup(this.body + start, this.body + end) !== 0;
  }

  /** How many of a set of texts stand in the record; `foundAt` tells which. */
  find(set: number): number {
    return this.machine.run.find(this.sets[set]!, this.word(0), this.word(1));
  }

  /** As `find`, among the bytes of the body from `start` to `end`. */
  findIn(set: number, start: number, end: number): number {
    return this.machine.run.find(this.sets[set]!, this.body + start, this.body + end);
  }

  foundAt(place: number): number {
    return this.machine.halves[(FOUND >> 1) + place]!;
  }

  /** Where the value of a property begins, for `enter`; undefined: it is no object. */
  objectAt(key: number): number | undefined {
    return this.kind(key) === 0x7b ? this.machine.words[this.slot(key) + 1] : undefined;
  }

  /** From here on what is asked is of an object within the record, until `leave`. */
  enter(object: number): void {
    this.machine.run.enter(object);
  }

  leave(): void {
    this.machine.run.enter(this.word(0));
  }

  private word(place: number): number {
    return this.machine.words[(RECORD >> 2) + place]!;
  }

  /** Place of a property's slot in the words; -1: the record has none. */
  private slot(key: number): number {
    const { words } = this.machine;
    const slot = (SLOTS >> 2) + key * 4;
    return words[slot] === words[(RECORD >> 2) + 7] ? slot : -1;
  }
}
