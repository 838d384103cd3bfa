import { isScalar, parseDocument, type Scalar } from 'yaml';
import { scalarSourceMap } from '../../src/rules/scalar-source';

function mapOf(text: string): { value: string; map: number[] } {
  const document = parseDocument(text, { schema: 'failsafe', keepSourceTokens: true });
  expect(document.errors).toEqual([]);
  const node = document.getIn(['q'], true);
  if (!isScalar(node)) throw new Error('q is no scalar');
  return { value: node.value as string, map: scalarSourceMap(node as Scalar, text) };
}

/** Every unit that is no white space must be found again, unchanged, where the map says. */
function expectExact(text: string): void {
  for (const form of [text, text.replaceAll('\n', '\r\n')]) {
    const { value, map } = mapOf(form);
    expect(map).toHaveLength(value.length + 1);
    for (let i = 0; i < value.length; i++) {
      if (!/\s/.test(value[i]!)) expect(`${i}:${form[map[i]!]}`).toBe(`${i}:${value[i]}`);
      if (i > 0) expect(map[i]!).toBeGreaterThanOrEqual(map[i - 1]!);
    }
  }
}

describe('scalarSourceMap', () => {
  it.each([
    ['literal', 'a: 1\nq: |\n  Event\n  | where x\n\n    | deep \n   \n  | last\nb: 2\n'],
    ['literal, strip', 'q: |-\n  Event\n  | where x\nb: 2\n'],
    ['literal, keep, at the end', 'q: |+\n  Event\n\n\n'],
    ['literal without a last newline', 'q: |\n  Event\n  | x'],
    ['literal, trailing blank after the header', 'q: | \n  Event\n  | x\n'],
    ['literal, comment after the header', 'q: | # why | not\n  Event\n  | x\n'],
    ['literal, blank first line', 'q: |\n\n  let a = 1;\n  Event\n'],
    ['literal, first line indented least', 'q: |\n Event\n  | where x\n  | where y\n'],
    ['literal, explicit indent', 'q: |2\n    Event\n   | x\n  | y\n'],
    ['folded', 'q: >\n  Event\n  | where x\n\n  | y\n    | more\n    | more2\n  | z\nb: 2\n'],
    ['folded, strip', 'q: >-\n  Event\n  | where x\n'],
    ['plain', 'q: Event | where x\nb: 2\n'],
    ['plain over lines', 'q: Event\n  where x  \n\n  and y\nb: 2\n'],
    ['single-quoted', "q: 'Event where x == 1'\n"],
    ['single-quoted over lines', "q: 'Event  \n  where x\n\n  and y'\n"],
    ['double-quoted over lines', 'q: "Event  \n  where x\n\n  and y"\n'],
    ['nested in a sequence', 'q: |\n      Event\n      | x\nb:\n  - c\n'],
  ])('%s', (_, text) => expectExact(text));

  it('points at the start of an escape', () => {
    const text = 'q: "a\\x41\\n\\\\ \\u00e9\\"z\\\n   y"\n';
    const { value, map } = mapOf(text);
    expect(value).toBe('aA\n\\ é"zy');
    expect([...value].map((_, i) => text.slice(map[i]!, map[i]! + 2))).toEqual([
      'a\\',
      '\\x',
      '\\n',
      '\\\\',
      ' \\',
      '\\u',
      '\\"',
      'z\\',
      'y"',
    ]);
  });

  it('points at the first of two single quotes', () => {
    const text = "q: 'x == ''a'' b'\n";
    const { value, map } = mapOf(text);
    expect(value).toBe("x == 'a' b");
    expect(text.slice(map[value.indexOf('a')]!)).toBe("a'' b'\n");
    expect(map[value.indexOf("'")]).toBe(text.indexOf("''"));
  });

  it('maps the end of the value to the end of the text', () => {
    const { value, map } = mapOf('q: |\n  Event\n  | x\nb: 2\n');
    expect(map[value.length]).toBe('q: |\n  Event\n  | x'.length);
  });
});
