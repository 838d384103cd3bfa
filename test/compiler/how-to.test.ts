import { createCompiler } from '../../src/compiler/compile';

const compiler = createCompiler([{ name: 'Logons', columns: [{ name: 'Account', type: 'string' }] }]);
const said = (text: string): string[] =>
  compiler.compile(text).diagnostics.map(({ start, message, code }) => `${start} ${code} ${message}`);

describe('what to write instead', () => {
  it('of a group key that is dynamic', () => {
    expect(said('Logons | extend parts = split(Account, "@") | summarize count() by parts')).toEqual([
      expect.stringMatching(/^67 KS116 .* write tostring\(parts\)\.$/),
    ]);
  });

  it('of a case() without its last value', () => {
    expect(said('Logons | extend x = case(Account == "a", 1, Account == "b", 2)')).toEqual([
      expect.stringMatching(/^20 KS121 .* The last argument of case\(\) .* add it\.$/),
    ]);
  });

  it('of a backslash in a string, and nothing of what follows in the line', () => {
    const text =
      'let names = dynamic(["C:\\\\Program\\\\2019\\Editor\\\\x.exe", "b"]);\nLogons | where Account has_any (names)';
    expect(said(text)).toEqual([expect.stringMatching(/KS001 Missing: " In a string a backslash is written \\\\,/)]);
  });
});
