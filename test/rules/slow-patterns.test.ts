import { DEFAULT_SETTINGS } from '../../src/plan/rule-settings';
import { compileRule } from '../../src/rules/compile';
import { readRule } from '../../src/rules/read';
import { testCompiler } from '../support/kql';

jest.setTimeout(60_000);

const compiler = testCompiler([]);

function problems(query: string) {
  const file = readRule(
    `id: 11111111-2222-4333-8444-555555555555\nname: r\nkind: NRT\nseverity: Low\nquery: |\n  print s = "a"\n  | extend x = ${query}\n`,
    'r.yaml',
  );
  return compileRule(compiler, file, DEFAULT_SETTINGS, 'settings.yaml')
    .problems.filter(({ code }) => code !== 'no-source')
    .map(({ severity, code, line, column, message }) => ({ severity, code, line, column, message }));
}

describe('patterns that hostile events make slow', () => {
  it('are warned of where all matches are looked for, with the place and what to write', () => {
    const column = '  | extend x = '.length + 1;
    for (const call of [
      "extract_all(@'(b|a.*c)', s)",
      "replace_regex(s, @'b|a[^x]*c', '')",
      "countof(s, 'b|a.*c', 'regex')",
    ])
      expect(problems(call)).toEqual([
        expect.objectContaining({ severity: 'warning', code: 'slow-pattern', line: 7, column }),
      ]);
    expect(problems("extract_all(@'(b|a.*c)', s)")[0]!.message).toContain('[^,]{0,64}');
  });

  it('are not where one is, or the text is plain', () => {
    expect(problems("extract(@'b|a.*c', 0, s)")).toEqual([]);
    expect(problems("s matches regex 'b|a.*c'")).toEqual([]);
    expect(problems("countof(s, 'b|a.*c')")).toEqual([]);
  });

  it('are warned of where a part is repeated many times', () => {
    expect(problems("s matches regex 'x{990}'")).toEqual([
      expect.objectContaining({ severity: 'warning', code: 'large-repetition', line: 7 }),
    ]);
    expect(problems("s matches regex 'x{9}'")).toEqual([]);
  });
});
