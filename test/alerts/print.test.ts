import { buildAlerts } from '../../src/alerts/build';
import { formatAlert, type PrintOptions, printable } from '../../src/alerts/print';
import { AT, mapping, rule, table, WINDOW } from './sample';

const time = '2019-04-30T20:35:11.8560890Z';
const print = (row: Record<string, unknown>, options: PrintOptions = {}, overrides = {}) => {
  const mapped = rule({
    entityMappings: [mapping('Process', 'CommandLine=CommandLine'), mapping('Host', 'FullName=Computer')],
    ...overrides,
  });
  const { alerts } = buildAlerts(mapped, table(row), WINDOW, { generatedAt: AT });
  return formatAlert(alerts[0]!, options);
};

describe('formatAlert', () => {
  it('shows what an analyst asks for', () => {
    const text = print(
      {
        Computer: 'IEWIN7',
        StartTime: time,
        EndTime: time,
        CommandLine: 'C:\\Windows\\system32\\mmc.exe -Embedding',
        User: '',
        Gone: null,
      },
      {
        techniqueTitle: (id) =>
          id === 'T1021.003' ? 'Remote Services: Distributed Component Object Model' : undefined,
      },
    );
    expect(text.split('\n')).toEqual([
      'MEDIUM  Sample rule',
      '  About       Finds what the tests look for.',
      '  Technique   T1021.003  Remote Services: Distributed Component Object Model',
      '  Tactics     Lateral Movement',
      '  Window      2019-04-30T20:00:00Z to 2019-04-30T21:00:00Z',
      '  Events      2019-04-30T20:35:11.8560890Z',
      '  Entities    host: IEWIN7',
      '              process: C:\\Windows\\system32\\mmc.exe -Embedding',
      '  Result',
      '    Computer     IEWIN7',
      '    StartTime    2019-04-30T20:35:11.8560890Z',
      '    EndTime      2019-04-30T20:35:11.8560890Z',
      '    CommandLine  C:\\Windows\\system32\\mmc.exe -Embedding',
      '    User         (empty)',
      '    Gone         (null)',
      '  Rule        50cbf34a-4cdd-45d7-b3f5-8b53a1d0d14f',
      expect.stringMatching(/^ {2}Alert {7}[0-9a-f-]{36}$/),
    ]);
  });

  it('lets no value act on the terminal or forge a line', () => {
    const hostile = 'a\u001b[2J\u001b]0;title\u0007\r\nHIGH  Forged\u202Egnp\u200b\u009b31m\u2028x\uD800';
    const text = print(
      { Computer: hostile, CommandLine: hostile, [`col\u001b[31m\n${'x'.repeat(50)}`]: hostile },
      {},
      { name: hostile, description: hostile },
    );
    expect(text).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u);
    expect(text.split('\n').filter((line) => line.startsWith('HIGH'))).toEqual([]);
    expect(text).toContain(
      'a\\x1b[2J\\x1b]0;title\\x07\\r\\nHIGH  Forged\\u{202e}gnp\\u{200b}\\x9b31m\\u{2028}x\\u{d800}',
    );
  });

  it('keeps every line within the width and says what it cut', () => {
    const text = print(
      { Computer: 'x'.repeat(10_000), CommandLine: '\u001b'.repeat(10_000), D: { a: 'y'.repeat(500) } },
      { width: 60 },
    );
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    expect(text).toMatch(/Computer +x+… \(\+\d+ characters\)/);
  });

  it('colours only when asked, and never with a value', () => {
    expect(print({ Computer: 'a' })).not.toContain('\u001b');
    expect(print({ Computer: 'a' }, { colour: true })).toContain('\u001b[33;1mMEDIUM\u001b[0m');
  });

  it('marks revisions, withdrawals, incomplete runs and limits', () => {
    const rows = table(...Array.from({ length: 30 }, (_, i) => ({ C: i })));
    const { alerts } = buildAlerts(rule(), rows, WINDOW, {
      generatedAt: AT,
      incomplete: true,
      limits: { results: 10 },
    });
    const text = formatAlert({ ...alerts[0]!, Revision: 3, Status: 'Withdrawn' });
    expect(text.split('\n')[0]).toBe('MEDIUM  Sample rule  (WITHDRAWN, revision 3, incomplete)');
    expect(text).toContain('… and 5 more results');
    expect(text).toContain('20 result rows are not carried (30 results in all)');
  });
});

describe('printable', () => {
  it('counts what it cuts exactly', () => {
    expect(printable('abc', 3)).toBe('abc');
    const cut = printable('x'.repeat(1_000), 50);
    const [, kept, rest] = /^(x+)… \(\+(\d+) characters\)$/.exec(cut)!;
    expect(kept!.length + Number(rest)).toBe(1_000);
    expect(printable('😀😀', 10)).toBe('😀😀');
  });
});
