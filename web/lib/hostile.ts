/** Characters that act instead of show: controls, format characters (bidirectional, zero-width), separators, private use, lone halves. */
const ACTING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/u;
const ALL_ACTING = new RegExp(`(${ACTING.source})`, 'gu');

export interface Piece {
  readonly text: string;
  /** `U+202E`; absent: plain text. */
  readonly code?: string;
}

/**
 * A text of an event or a rule in pieces: what can be read, and what would act on the reader, by its code. `lines`: line breaks and tabs are
 * wanted as they are.
 */
export function pieces(text: string, lines = false): Piece[] {
  if (!ACTING.test(text)) return text === '' ? [] : [{ text }];
  return text
    .split(ALL_ACTING)
    .filter((part) => part !== '')
    .map((part): Piece => {
      if (!ACTING.test(part) || (lines && (part === '\n' || part === '\t'))) return { text: part };
      const code = part.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      return { text: part === '\n' ? '↵' : part === '\t' ? '⇥' : `U+${code}`, code: `U+${code}` };
    });
}

/** The same in one line, for titles and labels. */
export const visible = (text: string): string =>
  pieces(text)
    .map((piece) => piece.text)
    .join('');
