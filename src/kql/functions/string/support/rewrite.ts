import type { Regex } from './regex';
import { MAX_TEXT } from './text';

/** A rewrite pattern: texts, and numbers of capture groups (`\0` is the whole match). */
export type Rewrite = readonly (string | number)[];

/** Reads `\1` … `\9`, `\0` and `\\`; any other backslash is itself. */
export function parseRewrite(pattern: string): Rewrite {
  const parts: (string | number)[] = [];
  let text = '';
  for (let i = 0; i < pattern.length; i++) {
    const next = pattern[i + 1];
    if (pattern[i] !== '\\' || next === undefined || !/[0-9\\]/.test(next)) {
      text += pattern[i];
      continue;
    }
    i++;
    if (next === '\\') text += next;
    else {
      if (text !== '') parts.push(text);
      text = '';
      parts.push(Number(next));
    }
  }
  if (text !== '') parts.push(text);
  return parts;
}

/** Replaces every match. An empty match right after a match does not count, as in RE2. */
export function replaceMatches(text: string, regex: Regex, rewrite: Rewrite): string {
  const matches = regex.matches(text);
  const groups = regex.groupCount;
  let result = '';
  let at = 0;
  let matchedTo = -1;
  while (matches.find()) {
    const { start, end } = matches;
    if (start === end && start === matchedTo) continue;
    matchedTo = end;
    result += text.slice(at, start);
    for (const part of rewrite) {
      if (typeof part === 'string') result += part;
      else if (part <= groups) result += matches.group(part) ?? '';
      if (result.length > MAX_TEXT) return '';
    }
    at = end;
  }
  return at === 0 && result === '' ? text : result + text.slice(at);
}
