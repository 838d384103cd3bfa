import fc from 'fast-check';
import { Document, isScalar, parseDocument, type Scalar } from 'yaml';
import { scalarSourceMap } from '../../src/rules/scalar-source';

const STYLES = ['BLOCK_LITERAL', 'BLOCK_FOLDED', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'PLAIN'] as const;

/** Text as queries are made of: words, operators, quotes, escapes, indented and empty lines. */
const text = fc
  .array(
    fc.constantFrom(
      'Event',
      '| where',
      ' ',
      '  ',
      '\n',
      '\n\n',
      '"a"',
      "'b'",
      '\\',
      '#',
      ':',
      'é',
      '😀',
      '\t',
      '>',
      'x',
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(''));

describe('scalarSourceMap, for any text in any style', () => {
  it('finds every visible character where it was written', () => {
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(...STYLES),
        fc.boolean(),
        fc.integer({ min: 1, max: 4 }),
        (value, style, crlf, indent) => {
          const document = new Document({ a: { q: value }, b: 1 });
          const node = document.getIn(['a', 'q'], true) as Scalar;
          node.type = style;
          const written = document.toString({ lineWidth: 30, indent });
          const source = crlf ? written.replaceAll('\n', '\r\n') : written;
          const read = parseDocument(source, { schema: 'failsafe', keepSourceTokens: true });
          const scalar = read.getIn(['a', 'q'], true);
          fc.pre(read.errors.length === 0 && isScalar(scalar) && typeof scalar.value === 'string');
          const got = (scalar as Scalar).value as string;
          const map = scalarSourceMap(scalar as Scalar, source);
          expect(map).toHaveLength(got.length + 1);
          for (let i = 0; i < got.length; i++) {
            const at = source[map[i]!];
            // An escape is found at its backslash, a doubled quote at its first.
            if (!/\s/.test(got[i]!) && at !== '\\') expect(at).toBe(got[i]);
            if (i > 0) expect(map[i]!).toBeGreaterThanOrEqual(map[i - 1]!);
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
