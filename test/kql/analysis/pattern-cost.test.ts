import { patternCost } from '../../../src/kql';

describe('patterns that scan ahead', () => {
  it.each([
    'b|a.*c',
    'b|[^x]*c',
    '(?:b|a.*?c)d',
    'b(?:.*c)?',
    String.raw`x|\w+:`,
    '(a.*c)*b',
    '(?i)(?P<n>b|a[\\s\\S]+c)',
  ])('%s', (pattern) => {
    expect(patternCost(pattern).scansAhead).toBe(true);
  });
  it.each([
    'a.*c',
    'a|b',
    'a|b.*',
    String.raw`\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b`,
    '"([^"]*)"',
    String.raw`a|b\.\*c`,
    'a|[.*]c',
    'a|b.{0,64}c',
    '(?i)cmd(?:\\.exe)?',
    String.raw`\Qb|a.*c\E`,
  ])('%s does not', (pattern) => {
    expect(patternCost(pattern).scansAhead).toBe(false);
  });
});

it('counts what counted repetitions ask for', () => {
  const repetitions = (pattern: string): number => patternCost(pattern).repetitions;
  expect(repetitions('x{990}')).toBe(990);
  expect(repetitions('(?:a{10}b){1,30}')).toBe(300);
  expect(repetitions('a{3,}[x{500}]')).toBe(3);
  expect(repetitions('a*b+c')).toBe(1);
});
