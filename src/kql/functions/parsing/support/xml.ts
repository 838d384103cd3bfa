import type { Bag, Dynamic } from '../../../values/types';
import {
  afterSpace,
  attributeKey,
  IN_NAME,
  isBlankText,
  isEndOfOpening,
  NotXml,
  nameEnd,
  resolveEntities,
} from './xml-text';

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
  private repeated: Set<string> | undefined;
  private text = '';
  private hasCdata = false;
  private hasChildren = false;

  constructor(
    readonly name: string,
    readonly bag: Bag,
  ) {}

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

  private readonly hasEntities: boolean;
  private readonly hasBreaks: boolean;
  /** Names that were read last: mostly the next ones are the same. */
  private lastElement = '';
  private lastAttribute = '';
  private lastKey = '';

  constructor(private readonly xml: string) {
    this.hasEntities = xml.includes('&');
    this.hasBreaks = BREAK.test(xml);
  }

  private resolve(text: string): string {
    return this.hasEntities ? resolveEntities(text) : text;
  }

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
    if (element) element.characters(this.resolve(raw));
    else if (raw.trim() !== '') throw new NotXml();
  }

  private opening(): void {
    const name = this.elementName();
    const parent = this.open.at(-1);
    if (parent ? this.open.length === MAX_DEPTH : this.result !== undefined) throw new NotXml();
    parent?.beginChild();
    const bag: Bag = new Map();
    while (this.attribute(bag));
    const isEmpty = this.openingEnd();
    if (parent && !isEmpty && this.leaf(parent, name, bag)) return;
    this.open.push(new Element(name, bag));
    if (isEmpty) this.close();
  }

  /** Takes the rest of an element in which plain text stands and nothing else: most are such. false: it is another. */
  private leaf(parent: Element, name: string, bag: Bag): boolean {
    const { xml } = this;
    const end = xml.indexOf('<', this.at);
    const close = end + 2 + name.length;
    if (end < 0 || xml.charCodeAt(close) !== GREATER || xml.charCodeAt(end + 1) !== 47) return false;
    if (!xml.startsWith(name, end + 2)) return false;
    const text = this.resolve(xml.slice(this.at, end));
    this.at = close + 1;
    const isBlank = isBlankText(text);
    if (bag.size === 0) parent.put(name, isBlank ? null : text);
    else {
      if (!isBlank) bag.set('#text', text);
      parent.put(name, bag);
    }
    return true;
  }

  private elementName(): string {
    const last = this.lastElement;
    const after = this.xml.charCodeAt(this.at + 1 + last.length);
    if (last !== '' && IN_NAME[after] === 0 && this.xml.startsWith(last, this.at + 1)) {
      this.at += 1 + last.length;
      return last;
    }
    const end = nameEnd(this.xml, this.at + 1);
    if (end < 0) return this.match(OPENING)[1]!;
    const name = this.xml.slice(this.at + 1, end);
    this.at = end;
    this.lastElement = name;
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
    const last = this.lastAttribute;
    if (last === '' || end - start !== last.length || !xml.startsWith(last, start)) {
      this.lastAttribute = xml.slice(start, end);
      this.lastKey = attributeKey(this.lastAttribute);
    }
    this.put(bag, this.lastKey, value);
    return true;
  }

  private attributeByPattern(bag: Bag): boolean {
    const found = this.find(ATTRIBUTE);
    if (found) this.put(bag, attributeKey(found[1]!), found[2] ?? found[3] ?? '');
    return found !== null;
  }

  private put(bag: Bag, key: string, value: string): void {
    if (bag.size > 0 && bag.has(key)) throw new NotXml();
    bag.set(key, this.resolve(this.hasBreaks ? value.replace(BREAKS, ' ') : value));
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
