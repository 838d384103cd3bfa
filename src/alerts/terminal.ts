/**
 * Characters that act on a terminal, or on how a line is read, instead of being shown: controls (C0, C1), format characters (bidirectional,
 * zero-width), separators, private use, lone surrogates and what has no meaning yet.
 */
export const ACTING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/u;
const ALL_ACTING = new RegExp(ACTING.source, 'gu');

/** A character that acts, as an escape that is only shown: `\n`, `\x1b`, `\u{202e}`. */
export function escapeCharacter(character: string): string {
  if (!ACTING.test(character)) return character;
  const named = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0)!;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** A message of several lines for a terminal: line breaks and tabs stay, all else that acts is escaped. Messages quote what they are about. */
export const terminalText = (text: string): string =>
  ACTING.test(text)
    ? text.replace(ALL_ACTING, (character) =>
        character === '\n' || character === '\t' ? character : escapeCharacter(character),
      )
    : text;

/**
 * A value as one line of JSON for the standard output. JSON.stringify escapes C0 controls alone; here whatever acts on a terminal is `\uXXXX`,
 * which any reader of JSON gives back as it was: event text is written by attackers, and a line may end on a screen.
 */
export const jsonLine = (value: unknown): string => {
  const json = JSON.stringify(value);
  return ACTING.test(json) ? json.replace(ALL_ACTING, escapedUnits) : json;
};

/** Outside its strings JSON has none of these characters, so each stands in a string. */
function escapedUnits(character: string): string {
  let text = '';
  for (let i = 0; i < character.length; i++) text += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return text;
}
