import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Bag, Dynamic } from '../../values/types';

const MAX_DEPTH = 128;

// Entities stay as they are written and are resolved below, where only XML's own exist: the parser expands nothing.
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: '#cdata',
  maxNestedTags: MAX_DEPTH,
});

/** An element or text as the parser gives it: one property named after the element, `#text` or `#cdata`, and `:@`. */
type RawNode = Record<string, unknown>;

class NotXml extends Error {}

/** XML text as a bag with the root element as its only key; null for what is not XML, has a DTD or is nested over 128 deep. */
export function xmlToDynamic(text: string): Bag | null {
  if (/<!(?!--|\[CDATA\[)/.test(text)) return null;
  if (XMLValidator.validate(text) !== true) return null;
  try {
    const [root, second] = (parser.parse(text) as RawNode[]).filter((node) => !nameOf(node).startsWith('#'));
    return root === undefined || second !== undefined ? null : new Map([[nameOf(root), elementValue(root)]]);
  } catch {
    // The parser throws for nesting and names that it refuses, we for entities: not XML to us either way.
    return null;
  }
}

const nameOf = (node: RawNode): string => Object.keys(node).find((key) => key !== ':@') ?? '';

function elementValue(node: RawNode): Dynamic {
  const bag: Bag = new Map();
  for (const [key, value] of Object.entries((node[':@'] as Record<string, string> | undefined) ?? {})) {
    bag.set(`@${key}`, resolveEntities(value.replace(/[\t\n]/g, ' ')));
  }
  const repeated = new Set<string>();
  const put = (key: string, value: Dynamic): void => {
    const before = bag.get(key);
    if (before === undefined) bag.set(key, value);
    else if (repeated.has(key)) (before as Dynamic[]).push(value);
    else {
      bag.set(key, [before, value]);
      repeated.add(key);
    }
  };
  const run = new TextRun((text) => put('#text', text));
  for (const child of node[nameOf(node)] as RawNode[]) {
    const name = nameOf(child);
    if (name === '#text') run.add(resolveEntities(String(child[name])));
    else if (name === '#cdata') run.addCdata(String((child[name] as RawNode[])[0]?.['#text'] ?? ''));
    else {
      run.end();
      put(name, elementValue(child));
    }
  }
  run.end();
  if (bag.size === 0) return null;
  return bag.size === 1 && bag.has('#text') ? bag.get('#text')! : bag;
}

/** Text between two elements: white space around it goes, unless it was written as CDATA. */
class TextRun {
  private text = '';
  private literal = false;
  constructor(private readonly emit: (text: string) => void) {}

  add(text: string): void {
    this.text += text;
  }

  addCdata(text: string): void {
    if (this.text.trim() === '' && !this.literal) this.text = '';
    this.literal = true;
    this.text += text;
  }

  end(): void {
    const text = this.literal ? this.text : this.text.trim();
    if (text !== '') this.emit(text);
    this.text = '';
    this.literal = false;
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
  return text.replace(/&([^;]{0,64});/g, (_, name: string) => {
    const character = name.startsWith('#') ? characterOf(name.slice(1)) : ENTITIES.get(name);
    if (character === undefined) throw new NotXml(name);
    return character;
  });
}

function characterOf(reference: string): string | undefined {
  if (!/^(?:x[0-9a-fA-F]{1,6}|\d{1,7})$/.test(reference)) return undefined;
  const code = reference.startsWith('x') ? Number.parseInt(reference.slice(1), 16) : Number(reference);
  return code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? undefined : String.fromCodePoint(code);
}
