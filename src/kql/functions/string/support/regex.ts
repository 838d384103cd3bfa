import { RE2JS } from 're2js';
import { KqlError } from '../../../errors';
import type { ArgInfo } from '../../define';

/** Most compiled patterns kept for patterns that are not constant. */
const CACHE_SIZE = 64;
const cache = new Map<string, RE2JS>();

/**
 * Compiles an RE2 pattern (https://learn.microsoft.com/kusto/query/regex). Linear in time whatever the pattern; look-around and
 * backreferences do not exist. Throws KqlError of the given kind.
 */
export function compileRegex(pattern: string, kind: 'invalid' | 'run' = 'invalid', flags = 0): RE2JS {
  try {
    return RE2JS.compile(pattern, flags);
  } catch (error) {
    throw new KqlError(kind, `bad regular expression '${pattern.slice(0, 200)}': ${(error as Error).message}`);
  }
}

/** The pattern of an argument: compiled now where it is constant, else per value through a small cache. */
export function regexArgument(argument: ArgInfo): (pattern: string) => RE2JS {
  if (argument.constant) {
    const compiled = compileRegex(argument.value as string);
    return () => compiled;
  }
  return (pattern) => {
    let compiled = cache.get(pattern);
    if (!compiled) {
      compiled = compileRegex(pattern, 'run');
      if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value as string);
      cache.set(pattern, compiled);
    }
    return compiled;
  };
}

/** Whether a pattern holds no metacharacter: it can be searched as plain text. */
export const isLiteralPattern = (pattern: string): boolean => !/[\\^$.|?*+()[\]{}]/.test(pattern);
