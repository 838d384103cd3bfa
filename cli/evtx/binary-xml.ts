import { escapeAttribute, escapeText } from '../../src/events/xml';
import { EvtxError, Reader } from './reader';
import { arrayItems, BINARY_XML_TYPE, type EvtxValue, isArray, NULL_TYPE, valueText } from './values';

/** Deepest nesting of elements, templates and binary XML in values. */
const MAX_DEPTH = 48;
/** Longest text of an event: a few bytes of templates can say far more. */
const MAX_TEXT = 4 * 1024 * 1024;
/** Most pieces of an event. */
const MAX_TOKENS = 200_000;

const MORE = 0x40;
const NAME = /^[\p{L}_:][\p{L}\p{N}_:.-]{0,255}$/u;
const NO_DEPENDENCY = 0xffff;
const NOTHING: readonly EvtxValue[] = [];

/** What stands between the tags of an element, or in an attribute. */
interface Content {
  readonly text: string;
  /** An optional substitution of it is null: then what encloses it is not there. */
  readonly isAbsent: boolean;
  /** The array that it consists of: then the element is repeated. */
  readonly array?: readonly EvtxValue[];
}

/**
 * The XML text of an event in a chunk (64 KiB, offsets of names and templates are into it). Escapes as Windows does: & < > in text.
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-even6 2.2.12 and 3.1.4.7; libyal/libevtx, Windows XML Event Log (EVTX) format.
 * Throws EvtxError for what is damaged, refers to itself, or grows beyond bounds.
 */
export function eventXml(chunk: Buffer, start: number, end: number): string {
  const [usual, ...others] = WRITERS;
  try {
    return rendered(chunk, start, end, usual!);
  } catch (error) {
    if (!(error instanceof EvtxError)) throw error;
    for (const writer of others) {
      const text = attempt(() => rendered(chunk, start, end, writer));
      if (text !== undefined) return text;
    }
    throw error;
  }
}

/**
 * Who wrote a record decides whether elements that stand in no template tell what they depend on, which nothing in the record says. Windows itself
 * writes an event as a template; a collector of forwarded events may write its elements as they are.
 */
const WRITERS: readonly Writer[] = [
  { inValues: 'outermost', inEvents: false },
  { inValues: 'all', inEvents: false },
  { inValues: 'all', inEvents: true },
];

interface Writer {
  /** Which elements of a value have no dependency. */
  readonly inValues: 'outermost' | 'all';
  /** Whether the elements of an event without a template have none. */
  readonly inEvents: boolean;
}

function rendered(chunk: Buffer, start: number, end: number, writer: Writer): string {
  const text = new Renderer(chunk, writer).fragment(new Reader(chunk, start, end), NOTHING, 0, writer.inEvents);
  if (text === '') throw new EvtxError('the event is empty');
  return text;
}

function attempt(render: () => string): string | undefined {
  try {
    return render();
  } catch (error) {
    if (error instanceof EvtxError) return undefined;
    throw error;
  }
}

class Renderer {
  private readonly open = new Set<number>();
  private tokens = 0;
  private written = 0;

  constructor(
    private readonly chunk: Buffer,
    private readonly writer: Writer,
  ) {}

  private step(depth: number): void {
    if (depth > MAX_DEPTH) throw new EvtxError(`nested deeper than ${MAX_DEPTH}`);
    if (++this.tokens > MAX_TOKENS) throw new EvtxError(`more than ${MAX_TOKENS} pieces`);
  }

  private counted(text: string): string {
    this.written += text.length;
    if (this.written > MAX_TEXT) throw new EvtxError(`the text is longer than ${MAX_TEXT} characters`);
    return text;
  }

  /** A fragment up to its end-of-file token. `isValue`: elements stand in a value, where they tell no dependency. */
  fragment(reader: Reader, values: readonly EvtxValue[], depth: number, isValue: boolean): string {
    let text = '';
    while (reader.left > 0) {
      this.step(depth);
      const token = reader.peek() & ~MORE;
      if (token === 0x00) break;
      if (token === 0x0f) {
        reader.take(4);
        isValue = depth === 0 && this.writer.inEvents;
      } else if (token === 0x0c) text += this.template(reader, depth);
      else if (token === 0x01) text += this.element(reader, values, depth, isValue);
      else if (token === 0x0a) this.instruction(reader);
      else throw new EvtxError(`token 0x${token.toString(16)} at ${reader.at} cannot begin an event`);
    }
    return text;
  }

  private template(reader: Reader, depth: number): string {
    reader.take(6); // token, version, short id
    const definition = reader.u32();
    const isHere = definition === reader.at;
    const head = new Reader(this.chunk, definition, this.chunk.length);
    head.take(20); // next template, GUID
    const body = new Reader(this.chunk, definition + 24, definition + 24 + head.u32());
    if (isHere) reader.take(24 + (body.end - body.at));
    const values = readValues(reader);
    if (this.open.has(definition)) throw new EvtxError(`the template at ${definition} contains itself`);
    this.open.add(definition);
    const text = this.fragment(body, values, depth + 1, false);
    this.open.delete(definition);
    return text;
  }

  private element(reader: Reader, values: readonly EvtxValue[], depth: number, isValue: boolean): string {
    this.step(depth);
    const hasAttributes = (reader.u8() & MORE) !== 0;
    const dependency = isValue ? NO_DEPENDENCY : reader.u16();
    reader.u32(); // size
    const name = this.name(reader);
    let attributes = '';
    let isAbsent = dependency !== NO_DEPENDENCY && (values[dependency]?.type ?? NULL_TYPE) === NULL_TYPE;
    if (hasAttributes) {
      reader.u32(); // size
      while ((reader.peek() & ~MORE) === 0x06) {
        reader.u8();
        const attribute = this.name(reader);
        const value = this.content(reader, values, depth + 1, 'attribute', false);
        if (!value.isAbsent) attributes += this.counted(` ${attribute}="${value.text}"`);
      }
    }
    const token = reader.u8();
    if (token === 0x03) return isAbsent ? '' : this.counted(`<${name}${attributes}/>`);
    if (token !== 0x02) throw new EvtxError(`token 0x${token.toString(16)} at ${reader.at - 1} does not end a tag`);
    const isInner = isValue && this.writer.inValues === 'all';
    const content = this.content(reader, values, depth + 1, 'element', isInner);
    if (reader.u8() !== 0x04) throw new EvtxError(`element ${name} does not end at ${reader.at - 1}`);
    isAbsent ||= content.isAbsent;
    if (isAbsent) return '';
    if (!content.array) {
      this.counted(`<${name}${attributes}></${name}>`);
      return `<${name}${attributes}>${content.text}</${name}>`;
    }
    const texts = content.array.map((item) => escapeText(valueText(item)));
    if (texts.length === 0) texts.push('');
    return texts.map((text) => this.counted(`<${name}${attributes}>${text}</${name}>`)).join('');
  }

  /** Everything up to the next tag that ends or token that continues what encloses it. */
  private content(
    reader: Reader,
    values: readonly EvtxValue[],
    depth: number,
    place: 'element' | 'attribute',
    isValue: boolean,
  ): Content {
    const escaped = place === 'element' ? escapeText : escapeAttribute;
    let text = '';
    let isAbsent = false;
    let array: readonly EvtxValue[] | undefined;
    for (let pieces = 0; ; pieces++) {
      this.step(depth);
      const token = reader.peek() & ~MORE;
      if (token === 0x05) {
        reader.u8();
        if (reader.u8() !== 0x01) throw new EvtxError(`a value at ${reader.at - 1} is no text`);
        text += this.counted(escaped(reader.text(reader.u16())));
      } else if (token === 0x0d || token === 0x0e) {
        const isOptional = reader.u8() === 0x0e;
        const value = values[reader.u16()];
        reader.u8(); // the type that the template expects
        if (value === undefined || value.type === NULL_TYPE) isAbsent ||= isOptional;
        else if (value.type === BINARY_XML_TYPE) text += this.nested(value, depth);
        else if (isArray(value) && place === 'element' && pieces === 0) array = arrayItems(value);
        else if (isArray(value)) text += this.counted(escaped(arrayItems(value).map(valueText).join(' ')));
        else text += this.counted(escaped(valueText(value)));
      } else if (token === 0x07 && place === 'element') {
        reader.u8();
        text += this.counted(escaped(reader.text(reader.u16())));
      } else if (token === 0x08) {
        reader.u8();
        text += this.counted(`&#${reader.u16()};`);
      } else if (token === 0x09) {
        reader.u8();
        text += this.counted(`&${this.name(reader)};`);
      } else if (token === 0x01 && place === 'element') text += this.element(reader, values, depth, isValue);
      else if (token === 0x0c && place === 'element') text += this.template(reader, depth);
      else if (token === 0x0a && place === 'element') this.instruction(reader);
      else if (array && pieces > 1)
        return { text: array.map((item) => escaped(valueText(item))).join(' ') + text, isAbsent };
      else return { text, isAbsent, ...(array ? { array } : {}) };
    }
  }

  /** A value that is binary XML: a fragment, a template instance or an element. */
  private nested({ at, bytes }: EvtxValue, depth: number): string {
    return this.fragment(new Reader(this.chunk, at, at + bytes.length), NOTHING, depth + 1, true);
  }

  /** Processing instructions say nothing of an event. */
  private instruction(reader: Reader): void {
    reader.u8();
    this.name(reader);
    if (reader.left > 0 && reader.peek() === 0x0b) {
      reader.u8();
      reader.text(reader.u16());
    }
  }

  /** A name by its offset in the chunk; where that is here, the name itself follows. */
  private name(reader: Reader): string {
    const offset = reader.u32();
    const at = new Reader(this.chunk, offset, this.chunk.length);
    at.take(6); // next name, hash
    const name = at.text(at.u16());
    at.take(2);
    if (offset === reader.at) reader.take(at.at - offset);
    if (!NAME.test(name)) throw new EvtxError(`${JSON.stringify(name.slice(0, 40))} is no name`);
    return name;
  }
}

function readValues(reader: Reader): EvtxValue[] {
  const count = reader.u32();
  if (count * 4 > reader.left) throw new EvtxError(`${count} values do not fit`);
  const heads = Array.from({ length: count }, () => {
    const size = reader.u16();
    const type = reader.u8();
    reader.u8();
    return { size, type };
  });
  return heads.map(({ size, type }) => ({ type, at: reader.at, bytes: reader.take(size) }));
}
