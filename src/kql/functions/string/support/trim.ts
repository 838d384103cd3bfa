import type { ArgInfo } from '../../define';
import { type Regex, regexArgument } from './regex';

/** `^(?:…)` and the like, compiled once where the pattern is constant. */
const wrapped = (pattern: ArgInfo, before: string, after: string): ((source: string) => Regex) => {
  const wrap = (source: string): string => `${before}(?:${source})${after}`;
  const compiled = regexArgument(pattern.constant ? { ...pattern, value: wrap(pattern.value as string) } : pattern);
  return (source) => compiled(wrap(source));
};

export type Trimmer = (source: string, text: string) => string;

/** Removes what matches at the start of a text; `many`: as often as it matches. */
export function startTrimmer(pattern: ArgInfo, many: boolean): Trimmer {
  const regex = wrapped(pattern, '^', many ? '+' : '');
  return (source, text) => {
    const matches = regex(source).matches(text);
    return matches.find() ? text.slice(matches.end) : text;
  };
}

/** As `startTrimmer`, at the end. */
export function endTrimmer(pattern: ArgInfo, many: boolean): Trimmer {
  const regex = wrapped(pattern, '', many ? '+\\z' : '\\z');
  return (source, text) => {
    const matches = regex(source).matches(text);
    return matches.find() ? text.slice(0, matches.start) : text;
  };
}
