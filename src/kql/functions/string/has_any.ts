import { meter } from '../../meter';
import { toText } from '../../values/convert';
import type { Value } from '../../values/types';
import { type ArgInfo, defineFunction, type Impl, type ScalarFunction } from '../define';
import { constantItems, constantRest, type Item, spreadItems } from '../support/items';
import { anyFolded, fold } from './support/fold';
import type { TextTest } from './support/string_operator';
import { anyTermIn, BOTH_EDGES, isSingleTerm, termTest } from './support/terms';

const needles = (items: readonly Item[]): string[] => [...new Set(items.map((item) => toText(item.value, item.type)))];

/** Characters that are searched in the time that a needle takes to be made ready. */
const NEEDLE = 1000;

/** Most characters of all needles together that are searched as one pattern. */
const MAX_PATTERN = 4096;

function anyOf(items: readonly Item[]): TextTest {
  const all = needles(items);
  if (all.length === 0) return () => false;
  if (all.reduce((sum, needle) => sum + needle.length, 0) > MAX_PATTERN) return anyOfMany(all);
  const tests = all.map((needle) => termTest(needle, BOTH_EDGES));
  // One scan for all needles sends most texts away; only then each is tried for its edges.
  const maybe = anyFolded(all);
  return (text) => maybe(text) && tests.some((test) => test(text));
}

/** Of a long list, the needles that are one term each are looked up by the terms of the text. */
function anyOfMany(all: readonly string[]): TextTest {
  const terms = new Set(all.filter(isSingleTerm).map(fold));
  const others = all.filter((needle) => !isSingleTerm(needle)).map((needle) => termTest(needle, BOTH_EDGES));
  return (text) => anyTermIn(fold(text), terms) || others.some((test) => test(text));
}

function allOf(items: readonly Item[]): TextTest {
  const tests = needles(items).map((needle) => termTest(needle, BOTH_EDGES));
  return (text) => tests.every((test) => test(text));
}

function define(name: string, docs: string, prepare: (items: readonly Item[]) => TextTest): ScalarFunction {
  const bind = (args: readonly ArgInfo[]): Impl => {
    const items = constantItems(args);
    if (items) return prepare(items);
    const types = args.slice(1).map((arg) => arg.type);
    return (text: string, ...rest: Value[]) => {
      const items = spreadItems(rest, types);
      meter.spendSearches(items.length, text.length + NEEDLE);
      return prepare(items)(text);
    };
  };
  return defineFunction({
    name,
    docs,
    params: ['string'],
    rest: 'any',
    returns: 'bool',
    nulls: 'handle',
    firstOnly: constantRest,
    bind,
  });
}

export const hasAny = define('has_any', 'has-any-operator', anyOf);
export const hasAll = define('has_all', 'has-all-operator', allOf);
