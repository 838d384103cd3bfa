/** One way to make work of text. `prepare` builds what is sent, of about so many bytes; what it returns is measured. */
export interface Attack {
  readonly name: string;
  prepare(bytes: number): () => unknown;
}

/** Parts whose repetition some scan or expression looks at. */
export const UNITS: readonly string[] = [
  ...['\n ', '\n', ' ', '\t', '\r\n', 'a b', 'x'],
  ...['"', "'", '\\', '\\"', '\\u', '"a",'],
  ...[
    '{',
    '}',
    '[',
    ']',
    '{"a":',
    '[[]',
    '{}',
    '[]',
    '{"a":1}',
    '{}\n',
    '{"records":[',
    '{"records":[]}\n',
    '[],',
    ']}',
  ],
  ...[
    '<',
    '>',
    '<a>',
    '</a>',
    '<a/>',
    '<a b="1" ',
    'a="1" ',
    '&',
    '&amp;',
    '&#x41;',
    ']]>',
    '<![CDATA[',
    '<!--',
    '<!DOCTYPE a [',
    '<?',
  ],
  ...['<Event>', '<Event></Event>', '<Data Name="a">', '<13>', '<13>1 '],
  ...['=', '|', ',', ';', '.', ':', '/', '//', '://', '?', '#', '@', '*', '(', ')', '$', '^', '&a=', 'a=b,'],
  ...['%', '%4', '%41', 'xn--', 'xn--a.', '0', '9', '0.', '1e', 'E+', '-', '+', '1.1.1.1 ', ':1', '::', '2020-01-01T'],
  ...['true', 'null', '\u0000', '\u00e9', '\u017f', '\ud83d\ude00', '\ud800', 'ab', 'aA'],
];

export const filled = (unit: string, length: number): string =>
  unit.repeat(Math.max(1, Math.ceil(length / unit.length))).slice(0, length);
