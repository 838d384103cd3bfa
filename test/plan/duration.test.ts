import { formatDuration, parseDuration } from '../../src/plan/duration';

describe('parseDuration', () => {
  it.each([
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['14d', 1_209_600_000],
    ['25H', 90_000_000],
    ['30s', 30_000],
    ['PT1H', 3_600_000],
    ['P1D', 86_400_000],
    ['P1DT1H', 90_000_000],
    ['P2W', 1_209_600_000],
    ['pt5m', 300_000],
    ['1.00:00:00', 86_400_000],
    ['05:00:00', 18_000_000],
  ])('reads %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '1', 'h', '1.5h', 'P', 'PT', 'P1DT', '-1h', '1h 5m', '1y', '99999999999h'])('refuses "%s"', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );

  it('writes what it reads', () => {
    for (const text of ['5m', '90m', '25h', '14d', '30s', '0s'])
      expect(formatDuration(parseDuration(text)!)).toBe(text);
    expect(formatDuration(1_500)).toBe('1500ms');
  });
});
