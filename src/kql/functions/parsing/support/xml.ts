import type { Bag, Dynamic } from '../../../values/types';

const MAX_DEPTH = 128;
const NAME = '[A-Za-z_:\\u00c0-\\uffff][\\w:.\\-\\u00b7\\u00c0-\\uffff]*';
const OPENING = new RegExp(`<(${NAME})`, 'y');
const ATTRIBUTE = new RegExp(`\\s+(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'y');
const OPENING_END = /\s*(\/?)>/y;
const CLOSING = new RegExp(`</(${NAME})\\s*>`, 'y');

const BREAK = /[\t\n]/;
const BREAKS = /[\t\n]/g;

const QUOTE = 34;
const APOSTROPHE = 39;
const EQUALS = 61;
const GREATER = 62;

class NotXml extends Error {}

/**
 * XML text as a bag with the root element as its only key; null for what is not well-formed, has a DTD or is nested over 128 deep.
 *
 * One pass that makes the bag directly: a parser that makes a tree first, and needs a validator before it, costs ten times as much,
 * on every event that a query parses. Only XML's own entities and character references exist.
 */
export function xmlToDynamic(text: string): Bag | null {
  try {
    return new XmlReader(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text).document();
  } catch (error) {
    if (error instanceof NotXml) return null;
    throw error;
  }
}

/** An element whose end has not come yet. */
class Element {
  readonly bag: Bag = new Map();
  private repeated: Set<string> | undefined;
  private text = '';
  private hasCdata = false;
  private hasChildren = false;

  constructor(readonly name: string) {}

  characters(text: string): void {
    this.text += text;
  }

  cdata(text: string): void {
    if (!this.hasCdata && (this.hasChildren || this.text.trim() === '')) this.text = this.text.trimStart();
    this.hasCdata = true;
    this.text += text;
  }

  /** Text ends where a child element begins. */
  beginChild(): void {
    this.hasChildren = true;
    this.endText();
  }

  /**
   * White space around text beside child elements goes, unless it was written as CDATA; where the text is all there is, it is the value
   * as it stands (command lines end in blanks). White space alone is no text.
   */
  private endText(): void {
    if (this.text === '') return;
    const isWhole = this.hasCdata || (!this.hasChildren && this.text.trim() !== '');
    const text = isWhole ? this.text : this.text.trim();
    this.text = '';
    this.hasCdata = false;
    if (text !== '') this.put('#text', text);
  }

  /** Of several values of one key an array is made. */
  put(key: string, value: Dynamic): void {
    const before = this.bag.get(key);
    if (before === undefined) this.bag.set(key, value);
    else if (this.repeated?.has(key)) (before as Dynamic[]).push(value);
    else {
      this.bag.set(key, [before, value]);
      this.repeated ??= new Set();
      this.repeated.add(key);
    }
  }

  value(): Dynamic {
    this.endText();
    if (this.bag.size === 0) return null;
    return (this.bag.size === 1 ? this.bag.get('#text') : undefined) ?? this.bag;
  }
}

class XmlReader {
  private at = 0;
  private readonly open: Element[] = [];
  private result: Bag | undefined;

  constructor(private readonly xml: string) {}

  document(): Bag {
    for (;;) {
      const next = this.xml.indexOf('<', this.at);
      this.characters(next < 0 ? this.xml.length : next);
      if (next < 0) break;
      switch (this.xml.charCodeAt(this.at + 1)) {
        case 47: // '/'
          this.closing();
          break;
        case 33: // '!'
          this.commentOrCdata();
          break;
        case 63: // '?'
          this.skipPast('?>');
          break;
        default:
          this.opening();
      }
    }
    if (this.open.length > 0 || this.result === undefined) throw new NotXml();
    return this.result;
  }

  private characters(end: number): void {
    if (end === this.at) return;
    const raw = this.xml.slice(this.at, end);
    this.at = end;
    const element = this.open.at(-1);
    if (element) element.characters(resolveEntities(raw));
    else if (raw.trim() !== '') throw new NotXml();
  }

  private opening(): void {
    const element = new Element(this.elementName());
    if (this.open.length === 0 ? this.result !== undefined : this.open.length === MAX_DEPTH) throw new NotXml();
    this.open.at(-1)?.beginChild();
    while (this.attribute(element.bag));
    const isEmpty = this.openingEnd();
    this.open.push(element);
    if (isEmpty) this.close();
  }

  private elementName(): string {
    const end = nameEnd(this.xml, this.at + 1);
    if (end < 0) return this.match(OPENING)[1]!;
    const name = this.xml.slice(this.at + 1, end);
    this.at = end;
    return name;
  }

  /** Takes an attribute; false where none follows. */
  private attribute(bag: Bag): boolean {
    const { xml } = this;
    const start = afterSpace(xml, this.at);
    if (isEndOfOpening(xml.charCodeAt(start))) return false;
    const end = start > this.at ? nameEnd(xml, start) : -1;
    const quote = end < 0 || xml.charCodeAt(end) !== EQUALS ? 0 : xml.charCodeAt(end + 1);
    if (quote !== QUOTE && quote !== APOSTROPHE) return this.attributeByPattern(bag);
    const close = xml.indexOf(quote === QUOTE ? '"' : "'", end + 2);
    const value = close < 0 ? '<' : xml.slice(end + 2, close);
    if (value.includes('<')) return false;
    this.at = close + 1;
    this.put(bag, xml.slice(start, end), value);
    return true;
  }

  private attributeByPattern(bag: Bag): boolean {
    const found = this.find(ATTRIBUTE);
    if (found) this.put(bag, found[1]!, found[2] ?? found[3] ?? '');
    return found !== null;
  }

  private put(bag: Bag, name: string, value: string): void {
    const key = attributeKey(name);
    if (bag.has(key)) throw new NotXml();
    bag.set(key, resolveEntities(BREAK.test(value) ? value.replace(BREAKS, ' ') : value));
  }

  /** Whether the element ends with its opening. */
  private openingEnd(): boolean {
    if (this.xml.charCodeAt(this.at) === GREATER) {
      this.at++;
      return false;
    }
    return this.match(OPENING_END)[1] === '/';
  }

  private closing(): void {
    const name = this.open.at(-1)?.name ?? '';
    const end = this.at + 2 + name.length;
    if (name !== '' && this.xml.charCodeAt(end) === GREATER && this.xml.startsWith(name, this.at + 2))
      this.at = end + 1;
    else if (this.match(CLOSING)[1] !== name) throw new NotXml();
    this.close();
  }

  private close(): void {
    const element = this.open.pop()!;
    const parent = this.open.at(-1);
    if (parent) parent.put(element.name, element.value());
    else this.result = new Map([[element.name, element.value()]]);
  }

  private commentOrCdata(): void {
    if (this.xml.startsWith('<!--', this.at)) {
      this.at += 4;
      this.skipPast('-->');
      return;
    }
    const element = this.open.at(-1);
    if (!element || !this.xml.startsWith('<![CDATA[', this.at)) throw new NotXml();
    const start = this.at + 9;
    this.skipPast(']]>');
    element.cdata(this.xml.slice(start, this.at - 3));
  }

  private skipPast(mark: string): void {
    const end = this.xml.indexOf(mark, this.at);
    if (end < 0) throw new NotXml();
    this.at = end + mark.length;
  }

  private find(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.xml);
    if (match) this.at = pattern.lastIndex;
    return match;
  }

  private match(pattern: RegExp): RegExpExecArray {
    const match = this.find(pattern);
    if (!match) throw new NotXml();
    return match;
  }
}

/** What ASCII characters may be in a name: 1 at its begin, 2 after it. The patterns above know all others. */
const IN_NAME = new Uint8Array(128);
for (let unit = 0; unit < 128; unit++) {
  const character = String.fromCharCode(unit);
  IN_NAME[unit] = /[A-Za-z_:]/.test(character) ? 1 : /[\w.-]/.test(character) ? 2 : 0;
}

/** Where the ASCII name ends that begins here; -1: there is none, or it has other characters. */
function nameEnd(xml: string, start: number): number {
  if (IN_NAME[xml.charCodeAt(start)] !== 1) return -1;
  for (let at = start + 1; ; at++) {
    const unit = xml.charCodeAt(at);
    if (unit >= 128) return -1;
    if (!(IN_NAME[unit]! > 0)) return at;
  }
}

/** Past the blanks that stand here; other white space is for the patterns. */
function afterSpace(xml: string, start: number): number {
  let at = start;
  while (xml.charCodeAt(at) === 32) at++;
  return at;
}

const isEndOfOpening = (unit: number): boolean => unit === GREATER || unit === 47;

/** Most names that are remembered: attributes of what Windows logs are few. */
const MOST_KEYS = 256;
const keys = new Map<string, string>();

/** One text for all attributes of a name, so that looking it up costs less. */
function attributeKey(name: string): string {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = `@${name}`;
  if (keys.size < MOST_KEYS && name.length < 64) keys.set(flat(name), flat(key));
  return key;
}

/** The text alone: a piece of a long one would keep all of it. */
const flat = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function resolveEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:([^;&]{1,16});)?/g, (_, name: string | undefined) => {
    const character = name?.startsWith('#') ? characterOf(name.slice(1)) : ENTITIES.get(name ?? '');
    if (character === undefined) throw new NotXml();
    return character;
  });
}

function characterOf(reference: string): string | undefined {
  if (!/^(?:x[0-9a-fA-F]{1,6}|\d{1,7})$/.test(reference)) return undefined;
  const code = reference.startsWith('x') ? Number.parseInt(reference.slice(1), 16) : Number(reference);
  return code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? undefined : String.fromCodePoint(code);
}
