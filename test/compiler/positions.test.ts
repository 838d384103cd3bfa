import { type Compiler, createCompiler } from '../../src/compiler/compile';

/** Where things are after what the compiler does to a query before it is bound, or while it is. */
describe('positions in the query as it was written', () => {
  const column = (name: string) => ({ name, type: 'string' as const });
  let compiler: Compiler;
  beforeAll(() => {
    compiler = createCompiler(
      [
        {
          name: 'Alpha',
          columns: [
            { name: 'TimeGenerated', type: 'datetime' },
            column('Account'),
            { name: 'Timestamp', type: 'datetime' },
          ],
        },
        { name: 'Album', columns: [column('Account')] },
        { name: 'Open', columns: [column('Account')], open: true },
      ],
      [],
      {
        external: () => undefined,
        watchlists: new Map([['VIP', { columns: [column('SearchKey')], rows: [['x']] }]]),
      },
    );
  });

  /** What of the text each error is about. */
  const errors = (text: string): string[] =>
    compiler
      .compile(text)
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ start, length }) => text.slice(start, start + length));

  const VIEW = 'let Alter = view () { print Account="a" };\n';

  it.each<[string, string, string[]]>([
    ['nothing', 'Alpha | where Nope == 1', ['Nope']],
    ['a misspelt operator', 'Alpha | wher Account == "a" | where Nope == 1', ['wher', 'Nope']],
    ['a missing bar', 'Alpha where Account == "a" | extend y = Nope', ['w', 'Nope']],
    ['a view behind a wildcard', `${VIEW}union Al* | where Nope == "1"`, ['Nope']],
    ['a slip behind a view', `${VIEW}union Al*, Al* | wher Account == "a" | where Nope == 1`, ['wher', 'Nope']],
    ['a fuzzy leg', 'union isfuzzy=true Gone, (Alpha | where Account == "a")\n| where Nope == 1', ['Nope']],
    [
      'a slip, a view and a fuzzy leg',
      `${VIEW}union isfuzzy=true Gone, Al* | wher Account == "a" | where toupper(Account, 1) == ""`,
      ['wher', 'toupper'],
    ],
    ['a watchlist', "let v = _GetWatchlist('VIP');\nAlpha | where Account in (v) and Nope == 1", ['Nope']],
    [
      'a watchlist that is not there',
      "let v = _GetWatchlist('VIPS') | project SearchKey;\nAlpha | where Account in (v)",
      ["_GetWatchlist('VIPS')"],
    ],
    ['the other name of the time', 'Alpha | where Timestamp > ago(1h) | where Nope == 1', ['Nope']],
    ['a pattern', 'declare pattern P = (a:string) { ("x") = { Alpha }; };\nP("x") | where Nope == 1', ['Nope']],
    ['open columns', 'Open | where New_s == "a" and toupper(New_s, 1) == "b"', ['toupper']],
  ])('after %s', (_, text, expected) => {
    expect(errors(text)).toEqual(expected);
  });

  it.each<[string, string, string]>([
    ['a view behind a wildcard', `${VIEW}union Al* | where Account matches regex "("`, 'Account matches'],
    ['a fuzzy leg', 'union isfuzzy=true Gone, Alpha | where Account matches regex "("', 'Account matches'],
    ['a let function', 'let f = (s:string) { s matches regex "(" };\nAlpha | where f(Account)', 's matches'],
  ])('of what only shows when the plan is prepared, after %s', (_, text, place) => {
    const [error] = compiler.compile(text).diagnostics.filter(({ severity }) => severity === 'error');
    expect(text.slice(error?.start).startsWith(place)).toBe(true);
  });

  it('says of operators what was written, views behind wildcards included', () => {
    const text = `${VIEW}Alpha | union Al* | where Account == "a" and Account != "b"`;
    const { stages } = compiler.compile(text);
    for (const stage of stages) {
      expect(text.slice(stage.start, stage.start + stage.length)).toBe(stage.text);
      for (const part of stage.predicates) expect(text.slice(part.start, part.start + part.length)).toBe(part.text);
    }
    expect(stages.map((stage) => stage.text)).toContain('union Al*');
    expect(stages.at(-1)?.predicates.map((part) => part.text)).toEqual(['Account == "a"', 'Account != "b"']);
  });
});
