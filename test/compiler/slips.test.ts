import { createCompiler } from '../../src/compiler/compile';

const compiler = createCompiler([
  {
    name: 'Logons',
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'Account', type: 'string' },
      { name: 'Type', type: 'int' },
    ],
  },
]);

/** What the compiler says: the text that it points to, and its message. */
const said = (text: string): string[] =>
  compiler
    .compile(text)
    .diagnostics.map(
      ({ start, length, message, code }) => `${text.slice(start, start + length)}: ${message} [${code}]`,
    );

describe('slips of the pen', () => {
  it.each([
    ['Logons | where Account hass "x"', "hass: 'hass' is no operator. Did you mean 'has'? [KS005]"],
    [
      'Logons | where Account !contians "x"',
      "!contians: '!contians' is no operator. Did you mean '!contains'? [KS002]",
    ],
    [
      'Logons | where Account startwith "x" | extend a = 1',
      "startwith: 'startwith' is no operator. Did you mean 'startswith'? [KS005]",
    ],
    ['Logons where Type == 1', "w: A '|' is missing before 'where'. [KS005]"],
    ['Logons | where Type == 1\nsummarize count() by Account', "s: A '|' is missing before 'summarize'. [KS005]"],
    ['Logons | summarise count() by Account', "summarise: Query operator expected. Did you mean 'summarize'? [KS176]"],
    [
      'Logons | where Type = 1',
      "Type = 1: The expression must have the type bool. '=' gives a name to a value. Did you mean '=='? [KS141]",
    ],
  ])('%s', (text, message) => {
    expect(said(text)).toEqual([message]);
    expect(compiler.compile(text).plan).toBeUndefined();
  });

  it('hide no other error, before or behind them, and keep its place', () => {
    const text = [
      'Logons',
      '| where Acount == "a"',
      '| where Account contain "x" and Type == 1',
      'extend b = strcatt(Account, "y")',
      '| summarise n = count() by Tipe',
    ].join('\n');
    expect(said(text)).toEqual([
      expect.stringMatching(/^Acount: .*Did you mean 'Account'\?/),
      expect.stringMatching(/^contain: .*Did you mean 'contains'\?/),
      expect.stringMatching(/^e: A '\|' is missing before 'extend'/),
      expect.stringMatching(/^strcatt: .*Did you mean 'strcat'\?/),
      expect.stringMatching(/^summarise: .*Did you mean 'summarize'\?/),
      expect.stringMatching(/^Tipe: .*Did you mean 'Type'\?/),
    ]);
  });

  it('are as many as there are, up to a bound, and always end', () => {
    const text = `Logons${' | where Account hass "x"'.repeat(30)}`;
    const slips = said(text).filter((line) => line.startsWith("hass: 'hass' is no operator"));
    expect(slips).toHaveLength(10);
  });

  it('leave what is right alone', () => {
    expect(said('Logons | where Account has "where summarise" | summarize count() by Account')).toEqual([]);
    expect(said('let where_ = 1; Logons | extend take = 1, count = 2 | project take, count')).toEqual([]);
  });
});
