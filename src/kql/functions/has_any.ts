import { toText } from '../values/convert';
import type { Value } from '../values/types';
import { type ArgInfo, defineFunction, type Impl, type ScalarFunction } from './define';
import { fold } from './support/fold';
import { constantItems, constantRest, type Item, spreadItems } from './support/items';
import type { TextTest } from './support/string_operator';
import { anyTermIn, BOTH_EDGES, containsTerm, isSingleTerm } from './support/terms';

/** From here on, cutting the text into terms once is cheaper than one search for each needle. */
const SET_FROM = 8;

const needles = (items: readonly Item[]): string[] => [
  ...new Set(items.map((item) => fold(toText(item.value, item.type)))),
];

function anyOf(items: readonly Item[]): TextTest {
  const all = needles(items);
  const terms = all.filter(isSingleTerm);
  const useSet = terms.length >= SET_FROM;
  const set = new Set(useSet ? terms : []);
  const rest = useSet ? all.filter((needle) => !set.has(needle)) : all;
  return (text) => {
    const folded = fold(text);
    for (const needle of rest) if (containsTerm(folded, needle, BOTH_EDGES)) return true;
    return useSet && anyTermIn(folded, set);
  };
}

function allOf(items: readonly Item[]): TextTest {
  const all = needles(items);
  return (text) => {
    const folded = fold(text);
    for (const needle of all) if (!containsTerm(folded, needle, BOTH_EDGES)) return false;
    return true;
  };
}

function define(name: string, docs: string, prepare: (items: readonly Item[]) => TextTest): ScalarFunction {
  const bind = (args: readonly ArgInfo[]): Impl => {
    const items = constantItems(args);
    if (items) return prepare(items);
    const types = args.slice(1).map((arg) => arg.type);
    return (text: string, ...rest: Value[]) => prepare(spreadItems(rest, types))(text);
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
