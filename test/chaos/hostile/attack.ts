/** One way to make work of text. `prepare` builds what is sent, of about so many bytes; what it returns is measured. */
export interface Attack {
  readonly name: string;
  /** Processor time that it may take where nothing else runs: in any case, and for each byte. */
  readonly most: { readonly ms: number; readonly usPerByte: number };
  prepare(bytes: number): () => unknown;
}

/** Reading a message: what is longest at present takes 2 µs a byte. */
export const MOST_OF_DECODER: Attack['most'] = { ms: 50, usPerByte: 6 };
/** A rule's work on an event ends at the limits of the row stage, whatever the length of the text. */
export const MOST_OF_ROW_STAGE: Attack['most'] = { ms: 500, usPerByte: 20 };

/** OUTRIDER_HOSTILE_LONG: every unit and every kind of dynamic in every place of every function. */
export const isLong = process.env.OUTRIDER_HOSTILE_LONG !== undefined;

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
