import type { StreamParser } from '@codemirror/language';

const OPERATORS = new Set(
  'where extend project summarize join union let on by kind take limit top sort order asc desc distinct count parse render mv-expand mv-apply make-series evaluate invoke lookup search find print range datatable materialize as with of to from step in has contains startswith endswith matches regex and or not between has_any has_all has_cs contains_cs hasprefix hassuffix bin externaldata project-away project-rename project-keep project-reorder parse-where parse-kv partition scan serialize sample'.split(
    ' ',
  ),
);
const ATOMS = new Set(['true', 'false', 'null', 'dynamic', 'datetime', 'timespan', 'typeof']);

interface State {
  readonly never?: never;
}

/** The colours of a query while it is written; what it means is Microsoft's parser's word. */
export const kql: StreamParser<State> = {
  name: 'kql',
  startState: () => ({}),
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match('//')) {
      stream.skipToEnd();
      return 'comment';
    }
    if (stream.match(/^[hH]?@"(?:[^"]|"")*"?/) || stream.match(/^[hH]?@'(?:[^']|'')*'?/)) return 'string';
    if (stream.match(/^[hH]?"(?:[^"\\]|\\.)*"?/) || stream.match(/^[hH]?'(?:[^'\\]|\\.)*'?/)) return 'string';
    if (stream.match(/^\d[\w.]*/)) return 'number';
    const word = stream.match(/^[A-Za-z_][\w]*(?:-[a-z]+)*/) as RegExpMatchArray | null;
    if (word) {
      const [text] = word;
      if (OPERATORS.has(text)) return 'keyword';
      if (ATOMS.has(text)) return 'atom';
      return stream.peek() === '(' ? 'function' : 'variableName';
    }
    if (stream.match(/^(?:=~|!~|==|!=|<=|>=|[|<>=+\-*/%])/)) return 'operator';
    stream.next();
    return null;
  },
  tokenTable: {},
};
