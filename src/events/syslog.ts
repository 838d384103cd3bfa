/** A syslog message: what follows its header, if that is JSON or XML, and all of it. */
export interface Prefixed {
  payload: string | undefined;
  whole: string;
}

const PRIORITY = /^\s{0,16}(?:\d{1,7} )?<\d{1,3}>/;
/** Version, time, host, application, process, message id, and structured data or none. https://www.rfc-editor.org/rfc/rfc5424#section-6 */
const HEADER = /^\d{1,3} (?:\S{1,256} ){5}(?:-|(?:\[(?:[^\]"\\]|"(?:[^"\\]|\\.)*")*\])+) ?/;
/** Headers beyond this are not looked through, characters. */
const LONGEST_HEADER = 16_384;
/** Where the payload may begin after a header of the older form, characters. */
const LONGEST_PREFIX = 512;
const PAYLOAD = /\{|\[\s*\{|<Events?[\s>]|<\?xml/;
const NEXT_MESSAGE = /\r?\n(?=(?:\d{1,7} )?<\d{1,3}>)/;

/**
 * The messages of a text that begins as syslog does (RFC 5424 or 3164, one a line, also with octet counts): JSON and Windows
 * event XML travel in them. `undefined` for any other text. `most`: no more messages than these are told apart.
 */
export function splitPrefixed(text: string, most: number): Prefixed[] | undefined {
  if (!PRIORITY.test(text.slice(0, 40))) return undefined;
  return text
    .split(NEXT_MESSAGE, most)
    .filter((message) => message.trim() !== '')
    .map((whole) => ({ whole, payload: payloadOf(whole) }));
}

function payloadOf(message: string): string | undefined {
  const rest = message.replace(PRIORITY, '');
  const header = HEADER.exec(rest.slice(0, LONGEST_HEADER))?.[0].length ?? 0;
  const found = PAYLOAD.exec(rest.slice(header, header + LONGEST_PREFIX));
  return found === null ? undefined : rest.slice(header + found.index);
}
