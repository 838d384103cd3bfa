import { nearest } from '../spelling';
import type { Diagnostic } from './diagnostic';
import { EditedText } from './edited-text';
import { withoutHints } from './hints';
import type { ParsedQuery } from './kusto';
import { QUERY_OPERATORS } from './query-operators';

const NEGATABLE: readonly string[] = [
  'between',
  'in',
  'in~',
  'has',
  'has_cs',
  'hasprefix',
  'hasprefix_cs',
  'hassuffix',
  'hassuffix_cs',
  'contains',
  'contains_cs',
  'startswith',
  'startswith_cs',
  'endswith',
  'endswith_cs',
];
const COMPARISONS: readonly string[] = ['and', 'or', 'matches regex', 'has_any', 'has_all', ...NEGATABLE];

/** No more slips than this are mended in one query; after them the parser's own errors stay. */
const MOST_SLIPS = 10;

/** A slip of the pen that the parser trips over, and what was meant. */
interface Slip extends Diagnostic {
  readonly meant: string;
}

export interface MendedQuery {
  /** With its slips mended: what is wrong beside them is found too, and nothing that only follows from them. */
  readonly edited: EditedText;
  readonly parsed: ParsedQuery;
  /** One error a slip, at its place in the query as it was written. */
  readonly slips: readonly Diagnostic[];
}

/** A query as it was meant: misspelt operators are put right, a missing `|` is put in, hints are left out. */
export function mendSlips(query: string, parse: (text: string) => ParsedQuery): MendedQuery {
  const slips: Diagnostic[] = [];
  let edited = withoutHints(EditedText.of(query));
  let parsed = parse(edited.text);
  while (slips.length < MOST_SLIPS) {
    const slip = findSlip(edited.text, parsed.diagnostics);
    if (!slip) break;
    const { meant, ...diagnostic } = slip;
    const { start, length } = edited.spanOf(slip);
    slips.push({ ...diagnostic, start, length: Math.max(1, length) });
    edited = edited.replace(slip, meant);
    parsed = parse(edited.text);
  }
  return { edited, parsed, slips };
}

function findSlip(text: string, diagnostics: readonly Diagnostic[]): Slip | undefined {
  for (const diagnostic of diagnostics) {
    const { code, message } = diagnostic;
    // The parser reports what it expected before the white space, not at the word.
    const start = diagnostic.start + /^\s*/.exec(text.slice(diagnostic.start))![0].length;
    const word = /^!?[a-z_][\w-]*~?/i.exec(text.slice(start))?.[0] ?? '';
    if (word === '') continue;
    if (code === 'KS176') {
      const meant = nearest(word, QUERY_OPERATORS);
      if (meant && meant !== word)
        return { ...diagnostic, start, length: word.length, meant, message: `${message} Did you mean '${meant}'?` };
    }
    // KS005 is `Expected: ;`, KS002 `Unexpected: !`.
    if (code !== 'KS005' && code !== 'KS002') continue;
    const slip = isOperator(text, start, word)
      ? { length: 0, meant: '| ', message: `A '|' is missing before '${word}'.` }
      : misspeltComparison(word);
    if (slip) return { ...diagnostic, start, ...slip };
  }
  return undefined;
}

/** Whether an operator begins here of which only the `|` before it is missing. */
const isOperator = (text: string, start: number, word: string): boolean =>
  QUERY_OPERATORS.includes(word) &&
  !/\|\s*$/.test(text.slice(0, start)) &&
  !(word === 'count' && /^count\s*\(/.test(text.slice(start)));

function misspeltComparison(word: string): Pick<Slip, 'length' | 'meant' | 'message'> | undefined {
  const isNegated = word.startsWith('!');
  const near = isNegated ? nearest(word.slice(1), NEGATABLE) : nearest(word, COMPARISONS);
  if (!near) return undefined;
  const meant = isNegated ? `!${near}` : near;
  return meant === word
    ? undefined
    : { length: word.length, meant, message: `'${word}' is no operator. Did you mean '${meant}'?` };
}
