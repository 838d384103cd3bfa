import { invalid, KqlError } from '../errors';
import { compileRegex as compilePattern, type Regex } from '../functions/string/support/regex';
import type { ParsePart } from '../ir';
import type { ScalarType } from '../values/types';
import type { ParseText } from './parse-simple';
import { captured } from './parse-values';

const NUMBER = '[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?';
const DATE_OR_TIME =
  '(?:\\d{1,4}[-/]\\d{1,2}[-/]\\d{1,4}(?:[T ]+\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?)?(?: *[AaPp][Mm])?(?: *Z| *[-+]\\d{2}:?\\d{2})?|[-0-9A-Za-z:./+, ]+)';

/** What a typed column may be; a string column is greedy. */
const PATTERNS: Record<ScalarType, string> = {
  string: '.*',
  dynamic: '.*',
  int: '[-+]?\\d+',
  long: '[-+]?\\d+',
  real: NUMBER,
  decimal: NUMBER,
  bool: '[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[01]',
  guid: '[-0-9A-Fa-f{}()]+',
  datetime: DATE_OR_TIME,
  timespan: '[-0-9.:]+[a-z]*',
};

/**
 * `parse kind=regex`: delimiters are RE2 expressions, `*` is `.*?`, the whole text must match. Flags: U swaps greediness, i ignores case,
 * s lets `.` match a newline, m is multi-line. Throws KqlError for a bad expression or flag.
 */
export function compileRegex(parts: readonly ParsePart[], flags: string): ParseText {
  if (!/^[Uims]*$/.test(flags)) throw invalid(`parse: unknown flags '${flags}'`);
  const types: ScalarType[] = [];
  let source = flags === '' ? '' : `(?${[...new Set(flags)].join('')})`;
  for (const part of parts) {
    if (part.kind === 'star') source += '.*?';
    else if (part.kind === 'text') {
      // Each delimiter must be an expression of its own: "(" and ")" around a column are none.
      compile(part.text);
      source += `(?:${part.text})`;
    } else {
      source += `(?P<column__${types.length}>${PATTERNS[part.type]})`;
      types.push(part.type);
    }
  }
  const regex = compile(source);
  const names = types.map((_, i) => `column__${i}`);
  return (text, cells) => {
    const group = regex.groupsOfWhole(text);
    if (!group) return false;
    for (let i = 0; i < names.length; i++) {
      const value = captured(group(names[i]!) ?? '', types[i]!);
      if (value === null) return false;
      cells[i] = value;
    }
    return true;
  };
}

function compile(source: string): Regex {
  try {
    return compilePattern(source);
  } catch (error) {
    if (error instanceof KqlError) throw invalid(`parse: ${error.message}`);
    throw error;
  }
}
