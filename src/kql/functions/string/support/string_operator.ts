import { defineFunction, type ScalarFunction } from '../../define';
import { constantRest } from '../../support/items';

/** A test of a text, made for one right-hand side. */
export type TextTest = (text: string) => boolean;

/**
 * A string operator and its negation. `prepare` is called once where the right side is constant, else per row: all work on the
 * right side belongs there. Other types are converted to string; a string is never null, so neither is the result.
 */
export function defineStringOperator(
  name: string,
  docs: string,
  prepare: (right: string) => TextTest,
): [ScalarFunction, ScalarFunction] {
  const make = (negated: boolean): ScalarFunction =>
    defineFunction({
      name: negated ? `!${name}` : name,
      docs: negated ? `not-${docs}` : docs,
      params: ['string', 'string'],
      returns: 'bool',
      firstOnly: constantRest,
      bind([, right]) {
        if (right!.constant) {
          const test = prepare(right!.value as string);
          return negated ? (text: string) => !test(text) : test;
        }
        return (text: string, wanted: string) => prepare(wanted)(text) !== negated;
      },
    });
  return [make(false), make(true)];
}
