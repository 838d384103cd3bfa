/** Splits `(parameters) { body }`; any other text is a body without parameters. */
export function declarationOf(text: string): { parameters: string; body: string } {
  if (text.startsWith('(')) {
    const end = closing(text);
    const rest = text.slice(end + 1).trim();
    if (end > 0 && rest.startsWith('{') && rest.endsWith('}'))
      return { parameters: text.slice(0, end + 1), body: rest };
  }
  return { parameters: '()', body: bodyOf(text) };
}

/** A query as the body of a function: it may end in a `;` or a comment. */
export const bodyOf = (query: string): string => `{\n${query.replace(/;\s*$/, '')}\n}`;

function closing(text: string): number {
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== '') {
      if (c === '\\') i++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return i;
  }
  return -1;
}
