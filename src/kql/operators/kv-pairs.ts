import { invalid, KqlError } from '../errors';
import { compileRegex, type Regex } from '../functions/string/support/regex';
import type { OpOf } from '../ir';

type Emit = (key: string, value: string) => void;
/** Hands every key and value of a text to `emit`, in order, without the blanks around them. */
export type PairsOf = (text: string, emit: Emit) => void;

/** The three ways of `parse-kv`: by a regular expression, by delimiters, by whatever is not alphanumeric. Throws KqlError. */
export function compilePairs(node: OpOf<'parse-kv'>, wanted: ReadonlySet<string>): PairsOf {
  if (node.regex !== undefined) return byRegex(node.regex);
  const quotes = new Quotes(node.quote ?? [], node.escape ?? '');
  if (node.pairDelimiter && node.kvDelimiter) {
    return byDelimiters(node.pairDelimiter, node.kvDelimiter, quotes, node.greedy === true);
  }
  return byWords(quotes, wanted);
}

function byRegex(pattern: string): PairsOf {
  let regex: Regex;
  try {
    regex = compileRegex(pattern);
  } catch (error) {
    if (error instanceof KqlError) throw invalid(`parse-kv: ${error.message}`);
    throw error;
  }
  if (regex.groupCount !== 2) throw invalid('parse-kv: the regular expression must have two capture groups');
  return (text, emit) => {
    const matches = regex.matches(text);
    while (matches.find()) emit((matches.group(1) ?? '').trim(), (matches.group(2) ?? '').trim());
  };
}

/** Quoted texts. A quote of two characters opens with the first and closes with the second. */
class Quotes {
  constructor(
    private readonly pairs: readonly string[],
    private readonly escapes: string,
  ) {}

  /** The quoted text that opens at `at`, unescaped, and where it ends; undefined where none opens or it never closes. */
  read(text: string, at: number): { value: string; end: number } | undefined {
    const quote = this.pairs.find((pair) => pair !== '' && pair[0] === text[at]);
    if (quote === undefined) return undefined;
    const close = quote[1] ?? quote[0]!;
    let value = '';
    for (let i = at + 1; i < text.length; i++) {
      const c = text[i]!;
      if (this.escapes.includes(c) && i + 1 < text.length) value += text[++i];
      else if (c === close) return { value, end: i + 1 };
      else value += c;
    }
    return undefined;
  }
}

const skipBlanks = (text: string, at: number): number => {
  let i = at;
  while (i < text.length && /\s/.test(text[i]!)) i++;
  return i;
};

function byDelimiters(pair: string, kv: string, quotes: Quotes, greedy: boolean): PairsOf {
  const indexOf = (text: string, what: string, from: number): number => {
    const found = text.indexOf(what, from);
    return found < 0 ? text.length : found;
  };
  return (text, emit) => {
    let at = 0;
    let pending: { key: string; value: string } | undefined;
    while (at < text.length) {
      const start = skipBlanks(text, at);
      const quotedKey = quotes.read(text, start);
      const keyFrom = quotedKey ? quotedKey.end : at;
      const nextPair = indexOf(text, pair, keyFrom);
      const nextKv = indexOf(text, kv, keyFrom);
      if (nextKv >= nextPair) {
        // No key here: greedy values go on over pair delimiters.
        if (greedy && pending) pending.value += pair + text.slice(at, nextPair);
        at = nextPair + pair.length;
        continue;
      }
      if (pending) emit(pending.key, pending.value.trim());
      const key = quotedKey ? quotedKey.value : text.slice(at, nextKv).trim();
      const valueFrom = nextKv + kv.length;
      const quotedValue = quotes.read(text, skipBlanks(text, valueFrom));
      if (quotedValue) {
        emit(key, quotedValue.value.trim());
        pending = undefined;
        at = indexOf(text, pair, quotedValue.end) + pair.length;
      } else {
        const end = indexOf(text, pair, valueFrom);
        pending = { key, value: text.slice(valueFrom, end) };
        at = end + pair.length;
      }
    }
    if (pending) emit(pending.key, pending.value.trim());
  };
}

/** No delimiters given: a wanted key, anything that is not alphanumeric, a word or quoted text. */
function byWords(quotes: Quotes, wanted: ReadonlySet<string>): PairsOf {
  return (text, emit) => {
    let key: string | undefined;
    let at = 0;
    while (at < text.length) {
      const quoted = quotes.read(text, at);
      let word: string;
      if (quoted && (key !== undefined || wanted.has(quoted.value.trim()))) {
        word = quoted.value;
        at = quoted.end;
      } else {
        const start = at;
        while (at < text.length && /[\p{L}\p{N}]/u.test(text[at]!)) at++;
        if (at === start) {
          at++;
          continue;
        }
        word = text.slice(start, at);
      }
      if (key !== undefined) {
        emit(key, word.trim());
        key = undefined;
      } else if (wanted.has(word.trim())) key = word.trim();
    }
  };
}
