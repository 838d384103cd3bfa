import { jsonLine, terminalText } from '../../src/alerts/terminal';

describe('a line of JSON on a terminal', () => {
  const hostile = 'a\u009b31mred\u0085\u202egnp.exe\u2066\u200b\u2028\u{e0041}\ue000\u007f\ud800\u001b[2J';

  it('holds nothing that acts on it', () => {
    const line = jsonLine({ [hostile]: [hostile] });
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/u);
    expect(line).toContain('\\u009b31mred\\u0085\\u202egnp.exe');
  });

  it('is the JSON of the same value', () => {
    const value = { [hostile]: [hostile, 'é ü 漢字 😀', 1] };
    expect(JSON.parse(jsonLine(value))).toEqual(value);
  });

  it('leaves letters of any script as they are', () => {
    expect(jsonLine('é ü 漢字 😀')).toBe('"é ü 漢字 😀"');
  });
});

describe('a message on a terminal', () => {
  it('keeps its lines and tabs, and shows what would act', () => {
    expect(terminalText('one\n\ttwo\r\u001b[2J\u202egnp.exe\u009b31m 漢字')).toBe(
      'one\n\ttwo\\r\\x1b[2J\\u{202e}gnp.exe\\x9b31m 漢字',
    );
  });
});
