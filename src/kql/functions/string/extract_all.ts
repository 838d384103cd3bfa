import { ELEMENT, meter } from '../../meter';
import { toText } from '../../values/convert';
import { scalarOf } from '../../values/dynamic';
import type { Dynamic, Value } from '../../values/types';
import { defineFunction } from '../define';
import { type Regex, regexArgument } from './support/regex';

/** Most matches taken, Kusto's limit for arrays. */
const MAX_MATCHES = 1_048_576;

/** Numbers of the groups asked for, by number or name; those that do not exist are left out. */
function groupsOf(wanted: Dynamic | undefined, regex: Regex, count: number): number[] {
  if (wanted === undefined || !Array.isArray(wanted)) {
    return count === 0 ? [0] : Array.from({ length: count }, (_, i) => i + 1);
  }
  const names = regex.namedGroups;
  return wanted.flatMap((item) => {
    const key = scalarOf(item)?.value;
    const group = typeof key === 'string' && Object.hasOwn(names, key) ? names[key] : Number(key);
    return group !== undefined && Number.isInteger(group) && group >= 0 && group <= count ? [group] : [];
  });
}

/** One group: an array of texts; several: an array of arrays. Null where nothing matches. */
function matches(regex: Regex, text: string, wanted: Dynamic | undefined): Dynamic {
  const found = regex.matches(text);
  const groups = groupsOf(wanted, regex, regex.groupCount);
  const result: Dynamic[] = [];
  while (result.length < MAX_MATCHES && found.find()) {
    meter.spendText(ELEMENT * groups.length);
    const texts = groups.map((group) => found.group(group) ?? '');
    result.push(texts.length === 1 ? texts[0]! : texts);
  }
  return result.length === 0 ? null : result;
}

export const extractAll = defineFunction({
  name: 'extract_all',
  aliases: ['extractall'],
  docs: 'extract-all-function',
  params: ['string', 'any', 'any'],
  optional: 1,
  returns: 'dynamic',
  bind(args) {
    const regex = regexArgument(args[0]!);
    const { type } = args.at(-1)!;
    if (args.length === 2)
      return (source: string, text: Value) => matches(regex(source), toText(text, type), undefined);
    return (source: string, groups: Dynamic, text: Value) => matches(regex(source), toText(text, type), groups);
  },
});
