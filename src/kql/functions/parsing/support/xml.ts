import type { Bag, Dynamic } from '../../../values/types';

const MAX_DEPTH = 128;
const NAME = '[A-Za-z_:\\u00c0-\\uffff][\\w:.\\-\\u00b7\\u00c0-\\uffff]*';
const OPENING = new RegExp(`<(${NAME})`, 'y');
const ATTRIBUTE = new RegExp(`\\s+(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'y');
const OPENING_END = /\s*(\/?)>/y;
const CLOSING = new RegExp(`</(${NAME})\\s*>`, 'y');

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
    const element = new Element(this.match(OPENING)[1]!);
    if (this.open.length === 0 ? this.result !== undefined : this.open.length === MAX_DEPTH) throw new NotXml();
    this.open.at(-1)?.beginChild();
    for (let attribute = this.find(ATTRIBUTE); attribute; attribute = this.find(ATTRIBUTE)) {
      const key = `@${attribute[1]}`;
      if (element.bag.has(key)) throw new NotXml();
      element.bag.set(key, resolveEntities((attribute[2] ?? attribute[3] ?? '').replace(/[\t\n]/g, ' ')));
    }
    const isEmpty = this.match(OPENING_END)[1] === '/';
    this.open.push(element);
    if (isEmpty) this.close();
  }

  private closing(): void {
    if (this.match(CLOSING)[1] !== this.open.at(-1)?.name) throw new NotXml();
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
