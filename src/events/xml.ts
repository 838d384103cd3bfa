import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element, or a piece of text (`name` '' and `text` set, entities resolved). */
export interface XmlNode {
  name: string;
  text: string;
  attributes: Map<string, string>;
  children: XmlNode[];
}

export class XmlError extends Error {}

const MAX_NESTING = 32;

// Entities are resolved below, where only those of XML itself exist: nothing is ever expanded by the parser.
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
  maxNestedTags: MAX_NESTING,
});

/**
 * The root element of a text.
 * @throws XmlError for malformed XML, a DTD, an entity that is not XML's own, or more than 32 levels
 */
export function parseXml(text: string): XmlNode {
  if (/<!(?!--|\[CDATA\[)/.test(text)) throw new XmlError('a document type declaration is not allowed');
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) throw new XmlError(`${verdict.err.msg} (line ${verdict.err.line}, column ${verdict.err.col})`);
  let parsed: unknown;
  try {
    parsed = parser.parse(hideCarriageReturns(text));
  } catch (error) {
    throw new XmlError((error as Error).message);
  }
  const root = (parsed as RawNode[]).map(toNode).find((node) => node.name !== '');
  if (root === undefined) throw new XmlError('no element');
  return root;
}

// XML makes a line feed of a carriage return, but values have it as Windows rendered them, and so have the rows. A
// noncharacter takes its place in the text between tags while the parser reads.
const CARRIAGE_RETURN = '\ufdd0';

function hideCarriageReturns(text: string): string {
  if (!text.includes('\r')) return text;
  const parts = text.split('<').map((part) => {
    const end = part.indexOf('>');
    return end < 0 ? part : part.slice(0, end) + part.slice(end).replaceAll('\r', CARRIAGE_RETURN);
  });
  return parts.join('<');
}

type RawNode = Record<string, unknown>;

function toNode(raw: RawNode): XmlNode {
  const name = Object.keys(raw).find((key) => key !== ':@') ?? '';
  if (name === '#text') return textNode(resolveEntities(String(raw[name])));
  const content = raw[name] as RawNode[];
  if (name === '#cdata') return textNode(String(content[0]?.['#text'] ?? ''));
  const attributes = new Map<string, string>();
  for (const [key, value] of Object.entries((raw[':@'] as RawNode | undefined) ?? {})) {
    attributes.set(key, resolveEntities(String(value)));
  }
  return { name, text: '', attributes, children: content.map(toNode) };
}

const textNode = (text: string): XmlNode => ({
  name: '',
  text: text.replaceAll(CARRIAGE_RETURN, '\r'),
  attributes: new Map(),
  children: [],
});

const XML_ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** @throws XmlError for an entity that is neither one of XML's five nor a character reference */
export function resolveEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#[xX]?[0-9a-fA-F]{1,8}|[A-Za-z_][\w.-]{0,63});/g, (whole, name: string) => {
    if (!name.startsWith('#')) {
      const character = XML_ENTITIES.get(name);
      if (character === undefined) throw new XmlError(`entity ${whole} is not allowed`);
      return character;
    }
    const code = /^#[xX]/.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    if (!Number.isInteger(code) || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      throw new XmlError(`character reference ${whole} is not a character`);
    }
    return String.fromCodePoint(code);
  });
}

/** Escapes as Windows does when it renders an event: exactly `&`, `<` and `>`. */
export function escapeText(text: string): string {
  if (!/[&<>]/.test(text)) return text;
  return text.replace(/[&<>]/g, (character) => (character === '&' ? '&amp;' : character === '<' ? '&lt;' : '&gt;'));
}

export const escapeAttribute = (text: string): string => escapeText(text).replaceAll('"', '&quot;');

export const child = (node: XmlNode | undefined, name: string): XmlNode | undefined =>
  node?.children.find((candidate) => candidate.name === name);

/** All text within an element. */
export const textOf = (node: XmlNode | undefined): string =>
  node === undefined ? '' : node.name === '' ? node.text : node.children.map(textOf).join('');

/** An element and what it holds on one line, without the white space that only lays out child elements. */
export function serialize(node: XmlNode, extraAttributes = ''): string {
  if (node.name === '') return escapeText(node.text);
  const hasElements = node.children.some((candidate) => candidate.name !== '');
  const kept = node.children.filter(
    (candidate) => candidate.name !== '' || !hasElements || candidate.text.trim() !== '',
  );
  let attributes = extraAttributes;
  for (const [key, value] of node.attributes) attributes += ` ${key}="${escapeAttribute(value)}"`;
  return `<${node.name}${attributes}>${kept.map((candidate) => serialize(candidate)).join('')}</${node.name}>`;
}

/**
 * The `<Event …>…</Event>` elements of a text, whatever stands around them (declaration, `<Events>`, line breaks):
 * so one malformed event costs only itself. A last one that does not end is given as it stands.
 */
export function splitEvents(text: string): { prolog: string; events: string[] } {
  const tag = /<(\/?)Event(?=[\s/>]|$)/g;
  const events: string[] = [];
  let start = -1;
  let depth = 0;
  let prolog = text;
  let end = 0;
  for (let match = tag.exec(text); match !== null; match = tag.exec(text)) {
    // Looked for once: of many tags that do not end each would search to the end of the text.
    if (end < match.index) end = text.indexOf('>', match.index);
    if (match[1] === '') {
      if (depth === 0) {
        if (events.length === 0) prolog = text.slice(0, match.index);
        start = match.index;
      }
      if (text[end - 1] !== '/') depth++;
    } else if (depth > 0) depth--;
    if (end < 0) break;
    if (depth === 0 && start >= 0) {
      events.push(text.slice(start, end + 1));
      start = -1;
    }
  }
  if (start >= 0) events.push(text.slice(start));
  return { prolog, events };
}
