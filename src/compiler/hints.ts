import type { EditedText } from './edited-text';

/** Comments and string literals, in which a hint is none, or a hint. */
const PARTS = new RegExp(
  [
    String.raw`//[^\n]*`,
    '@"(?:[^"]|"")*"',
    "@'(?:[^']|'')*'",
    '```[^]*?```',
    String.raw`"(?:\\.|[^"\\\n])*"`,
    String.raw`'(?:\\.|[^'\\\n])*'`,
    String.raw`(?<hint>\bhint\.[\w.]+\s*=\s*(?:\w+|"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))`,
  ].join('|'),
  'g',
);

/**
 * A query without its hints (`hint.strategy=shuffle`, `hint.shufflekey=Key`), blanks in their place: they say how Kusto is to work and change no
 * result. The parser knows each at some operators only, and is stricter there than Kusto is.
 */
export function withoutHints(query: EditedText): EditedText {
  if (!/\bhint\./.test(query.text)) return query;
  let edited = query;
  for (const { index, groups } of query.text.matchAll(PARTS)) {
    const hint = groups?.hint;
    if (hint !== undefined) edited = edited.blank({ start: index, length: hint.length });
  }
  return edited;
}
