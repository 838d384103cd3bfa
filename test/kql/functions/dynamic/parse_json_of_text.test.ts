import fc from 'fast-check';
import { type Dynamic, prepareExpr, stringifyJson, type Value } from '../../../../src/kql';
import { parseDynamic } from '../../../../src/kql/values/convert';

const X = [{ name: 'x', type: 'dynamic' }] as const;
const call = (fn: string, arg: object) => ({ k: 'call', fn, args: [arg] }) as never;
const parsedText = prepareExpr(call('parse_json', call('tostring', { k: 'col', name: 'x' })), X);
const written = (value: Dynamic): Dynamic => parseDynamic(typeof value === 'string' ? value : stringifyJson(value));

const leaf = fc.oneof(
  fc.string(),
  fc.constantFrom('{"a":1}', '"', '\\u0041', '\ud800', '12', 'true', ''),
  fc.boolean(),
  fc.integer(),
  fc.double(),
  fc.constantFrom(-0, 2 ** 53, 1e300, Number.NaN),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).filter((value) => !Number.isSafeInteger(Number(value))),
  fc.constant(null),
);
const { value: anyValue } = fc.letrec<{ value: Dynamic }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom('a', 'b', '__proto__', '"'), tie('value')), { maxLength: 4 })
      .map((e) => new Map(e)),
  ),
}));

describe('parse_json(tostring(x))', () => {
  it('gives what reading the text of x gives, whether the text is written or not', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(parsedText.eval([value as Value], undefined as never)).toStrictEqual(written(value));
      }),
      { numRuns: 3_000 },
    );
  });

  it('reads a text in it as JSON, and nesting too deep as text', () => {
    expect(parsedText.eval(['{"a":[1]}'], undefined as never)).toStrictEqual(new Map([['a', [1]]]));
    let deep: Dynamic = 1;
    for (let i = 0; i < 300; i++) deep = [deep];
    expect(parsedText.eval([deep], undefined as never)).toBe(stringifyJson(deep));
  });
});
