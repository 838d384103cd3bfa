/** Thrown where a text is not well-formed XML. */
export class NotXml extends Error {}

/** What ASCII characters may be in a name: 1 at its begin, 2 after it. The patterns above know all others. */
export const IN_NAME = new Uint8Array(128);
for (let unit = 0; unit < 128; unit++) {
  const character = String.fromCharCode(unit);
  IN_NAME[unit] = /[A-Za-z_:]/.test(character) ? 1 : /[\w.-]/.test(character) ? 2 : 0;
}

/** Where the ASCII name ends that begins here; -1: there is none, or it has other characters. */
export function nameEnd(xml: string, start: number): number {
  if (IN_NAME[xml.charCodeAt(start)] !== 1) return -1;
  for (let at = start + 1; ; at++) {
    const unit = xml.charCodeAt(at);
    if (unit >= 128) return -1;
    if (!(IN_NAME[unit]! > 0)) return at;
  }
}

/** Past the blanks that stand here; other white space is for the patterns. */
export function afterSpace(xml: string, start: number): number {
  let at = start;
  while (xml.charCodeAt(at) === 32) at++;
  return at;
}

export const isEndOfOpening = (unit: number): boolean => unit === 62 || unit === 47;

/** Most names that are remembered: attributes of what Windows logs are few. */
const MOST_KEYS = 256;
const keys = new Map<string, string>();

/** One text for all attributes of a name, so that looking it up costs less. */
export function attributeKey(name: string): string {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = `@${name}`;
  if (keys.size < MOST_KEYS && name.length < 64) keys.set(flat(name), flat(key));
  return key;
}

/** The text alone: a piece of a long one would keep all of it. */
const flat = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');

/** Whether there is nothing but white space. */
export function isBlankText(text: string): boolean {
  const first = text.charCodeAt(0);
  return !(first > 32 && first < 128) && text.trim() === '';
}

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

export function resolveEntities(text: string): string {
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
