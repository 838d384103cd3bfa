import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatProblem, type Problem } from '../../src/rules/problem';
import { readSavedFunctions } from '../../src/rules/saved-functions';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-functions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Functions of the folders a, b, … and their problems, the folder's path taken away. */
function read(files: Readonly<Record<string, string>>) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const problems: Problem[] = [];
  const functions = readSavedFunctions([join(folder, 'a'), join(folder, 'b')], problems);
  const found = problems.map((problem) => formatProblem(problem).replaceAll(`${folder}/`, ''));
  return { functions, problems: found };
}

const parser = (name: string, more = '') => `ParserName: ${name}\n${more}ParserQuery: |\n  Event\n  | take 1\n`;

describe('saved functions', () => {
  it('of .kql files have their parameters, or none', () => {
    const { functions, problems } = read({
      'a/One.kql': '// says what\n(x:string="(") { Event | where Computer == x }',
      'b/deep/Two.kql': 'Event | count',
    });
    expect(problems).toEqual([]);
    expect(functions).toEqual([
      { name: 'One', parameters: '(x:string="(")', body: '{ Event | where Computer == x }' },
      { name: 'Two', parameters: '()', body: '{\nEvent | count\n}' },
    ]);
  });

  it('of YAML go by the name of the parser and by that of the built-in one, with the defaults of their types', () => {
    const { functions, problems } = read({
      'a/vim.yaml': `ParserName: vimX
EquivalentBuiltInParser: _Im_X
ParserParams:
  - Name: starttime
    Type: datetime
    Default: datetime(null)
  - Name: words
    Type: dynamic
    Default: dynamic([])
  - Name: user
    Type: string
    Default: '*'
  - Name: quoted
    Type: string
    Default: "'*'"
  - Name: odd
    Type: string
    Default: 'a"b\\'
  - Name: port
    Type: int
  - Name: rows
    Type: table:(Computer:string)
  - Name: any
    Type: table
ParserQuery: |
  Event
  | where TimeGenerated > starttime;
`,
    });
    expect(problems).toEqual([]);
    expect(functions.map(({ name }) => name)).toEqual(['vimX', '_Im_X']);
    expect(functions[0]).toEqual({
      name: 'vimX',
      parameters: String.raw`(starttime:datetime=datetime(null), words:dynamic=dynamic([]), user:string="*", quoted:string='*', odd:string="a\"b\\", port:int, rows:(Computer:string), any:(*))`,
      body: '{\nEvent\n| where TimeGenerated > starttime\n}',
    });
    expect(functions[1]).toEqual({ ...functions[0], name: '_Im_X' });
  });

  it('of solutions go by their alias and their name', () => {
    const text = 'FunctionName: ApacheHTTPServer\nFunctionAlias: Apache\nFunctionQuery: |\n  Syslog\n';
    expect(read({ 'a/f.yaml': text }).functions.map(({ name }) => name)).toEqual(['Apache', 'ApacheHTTPServer']);
  });

  it('leave other files alone', () => {
    const { functions, problems } = read({
      'a/rule.yaml': 'id: 1\nquery: Event\n',
      'a/broken.yaml': 'a: [1',
      'a/notes.txt': 'ParserQuery: x',
    });
    expect([functions, problems]).toEqual([[], []]);
  });

  it('of one name: the earlier counts, and a parser goes before one that is also called so', () => {
    const { functions, problems } = read({
      'a/1.yaml': parser('P', 'EquivalentBuiltInParser: Q\n'),
      'a/2.yaml': parser('Q').replace('take 1', 'take 2'),
      'b/3.yaml': parser('P').replace('take 1', 'take 3'),
    });
    expect(functions.map(({ name, body }) => `${name} ${/\d/.exec(body)}`)).toEqual(['P 1', 'Q 2']);
    expect(problems).toEqual([
      "b/3.yaml:1:1: warning: The function 'P' is also in a/1.yaml: that one counts. [duplicate-function]",
    ]);
  });

  it('that cannot be read are named with their place', () => {
    const { functions, problems } = read({
      'a/1.yaml': parser('').replace('ParserName: \n', ''),
      'a/2.yaml': parser('X', 'ParserParams:\n  - Name: a\n    Type: string\n  - Name: b c\n    Type: string\n'),
      'a/3.yaml': parser('Y', 'ParserParams:\n  - Name: a\n    Type: colour\n'),
      'a/4.yaml': 'ParserName: Z\nParserQuery: ""\n',
      'a/5.yaml': 'ParserName: [\nParserQuery: x\n',
    });
    expect(functions).toEqual([]);
    expect(problems).toEqual([
      expect.stringMatching(/^a\/1\.yaml:1:1: error: The function has no name/),
      expect.stringMatching(/^a\/2\.yaml:5:5: error: Parameter 2 must have a "Name"/),
      expect.stringMatching(/^a\/3\.yaml:3:5: error: Parameter 1 must have/),
      expect.stringMatching(/^a\/4\.yaml:2:14: error: "ParserQuery" is empty/),
      expect.stringMatching(/^a\/5\.yaml:\d+:\d+: error: /),
    ]);
  });
});
