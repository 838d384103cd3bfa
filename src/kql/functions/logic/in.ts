import { meter } from '../../meter';
import { convert, toText } from '../../values/convert';
import type { ScalarType, Value } from '../../values/types';
import { type ArgInfo, defineFunction, type Impl, type ScalarFunction } from '../define';
import { fold } from '../string/support/fold';
import { constantItems, constantRest, type Item, spreadItems } from '../support/items';
import { equalityOf } from './support/equality';

/** Whether a value is among the items: true, false, or null (nothing equal, but null against null). */
type Member = (value: Value) => boolean | null;

/** OR of `==`, item by item. */
function memberOf(items: readonly Item[], type: ScalarType): Member {
  // Compared as text: a dynamic is written once, not once an item.
  const isText = (item: Item): boolean => type === 'dynamic' && item.type === 'string';
  const texts = new Set(items.filter(isText).map((item) => item.value as string));
  const tests = items
    .filter((item) => !isText(item))
    .map((item) => ({ item: item.value, equal: equalityOf(type, item.type) }));
  return (value) => {
    if (texts.size > 0 && texts.has(convert(value, type, 'string') as string)) return true;
    if (typeof value === 'string') meter.spendSearches(tests.length, value.length);
    let unknown = false;
    for (const { item, equal } of tests) {
      const result = equal(value, item);
      if (result) return true;
      if (result === null) unknown = true;
    }
    return unknown ? null : false;
  };
}

/** Types whose cells a Set tells apart exactly as `==` does. */
const SET_TYPES = new Set<ScalarType>(['int', 'long', 'datetime', 'timespan', 'guid', 'bool']);

/** As `memberOf`, through a Set where types and number of items allow. */
function constantMember(items: readonly Item[], type: ScalarType): Member {
  if (type === 'string') {
    const set = new Set(items.map((item) => toText(item.value, item.type)));
    return (value) => set.has(value as string);
  }
  const same = (item: Item): boolean => item.type === type || (isLong(item.type) && isLong(type));
  if (SET_TYPES.has(type) && items.length > 2 && items.every((item) => item.value !== null && same(item))) {
    const set = new Set(items.map((item) => item.value));
    return (value) => value !== null && set.has(value);
  }
  if (type === 'dynamic' && items.length > 2 && items.every((item) => item.type === 'string')) {
    const set = new Set(items.map((item) => item.value as string));
    return (value) => set.has(convert(value, 'dynamic', 'string') as string);
  }
  return memberOf(items, type);
}

const isLong = (type: ScalarType): boolean => type === 'int' || type === 'long';

/** `in~`: everything as text, folded. */
function foldedMember(items: readonly Item[], type: ScalarType): Member {
  const set = new Set(items.map((item) => fold(toText(item.value, item.type))));
  // Folding keeps the length, so most texts need none.
  const lengths = new Set([...set].map((text) => text.length));
  return (value) => {
    const text = toText(value, type);
    return lengths.has(text.length) && set.has(fold(text));
  };
}

function define(name: string, docs: string, negated: boolean, member: typeof memberOf): ScalarFunction {
  const bind = (args: readonly ArgInfo[]): Impl => {
    const type = args[0]!.type;
    const types = args.slice(1).map((arg) => arg.type);
    const items = constantItems(args);
    const fixed = items ? member(items, type) : undefined;
    return (value: Value, ...rest: Value[]) => {
      const result = fixed
        ? fixed(value)
        : (member === foldedMember ? foldedMember : memberOf)(spreadItems(rest, types), type)(value);
      return result === null ? null : result !== negated;
    };
  };
  return defineFunction({
    name,
    docs,
    params: ['any'],
    rest: 'any',
    returns: 'bool',
    nulls: 'handle',
    firstOnly: constantRest,
    bind,
  });
}

export const inOperator = define('in', 'in-cs-operator', false, constantMember);
export const notIn = define('!in', 'not-in-cs-operator', true, constantMember);
export const inTilde = define('in~', 'in-operator', false, foldedMember);
export const notInTilde = define('!in~', 'not-in-operator', true, foldedMember);
