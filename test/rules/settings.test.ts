import { DEFAULT_SETTINGS } from '../../src/plan/rule-settings';
import { readSettings } from '../../src/rules/settings';

const RULE = { id: '0b5a1a52-9d5e-4c53-8a3f-6a1f6e0d2c11', name: 'Sample rule' };
const TEXT = `defaults:
  grace: 10m
  sinks: [file]
  exclusions:
    - Computer == "LAB1"
rules:
  sample RULE:
    early: true
    caps:
      alerts: 20
    exclusions:
      - User == "scanner"
  0B5A1A52-9d5e-4c53-8a3f-6a1f6e0d2c11:
    grace: 1m
    shadow: true
`;

describe('readSettings', () => {
  it('lays the id over the name over the defaults', () => {
    const file = readSettings(TEXT, 'settings.yaml');
    expect(file.problems).toEqual([]);
    expect(file.settingsFor(RULE)).toEqual({
      enabled: true,
      graceMs: 60_000,
      early: true,
      shadow: true,
      exclusions: [
        { predicate: 'Computer == "LAB1"', line: 5, column: 7 },
        { predicate: 'User == "scanner"', line: 12, column: 9 },
      ],
      caps: { alerts: 20, results: 1_000 },
      sinks: ['file'],
    });
    expect(file.settingsFor({ id: 'x', name: 'y' })).toMatchObject({ graceMs: 600_000, early: false });
  });

  it('holds approximate only where it is allowed, so that other plans stay as they are', () => {
    const file = readSettings(
      'defaults:\n  approximate: true\nrules:\n  exact:\n    approximate: false\n',
      'settings.yaml',
    );
    expect(file.problems).toEqual([]);
    expect(file.settingsFor(RULE)).toEqual({ ...DEFAULT_SETTINGS, approximate: true, sinks: undefined });
    expect(file.settingsFor({ id: 'x', name: 'Exact' })).not.toHaveProperty('approximate');
    expect(readSettings('', 'settings.yaml').settingsFor(RULE)).toEqual(DEFAULT_SETTINGS);
  });

  it('gives the built-in settings for an empty file', () => {
    expect(readSettings('', 's').settingsFor(RULE)).toEqual(DEFAULT_SETTINGS);
    expect(readSettings('# nothing yet\n', 's').problems).toEqual([]);
  });

  it('reports every problem at its place', () => {
    const text =
      'default: {}\ndefaults:\n  grace: soon\n  caps:\n    alerts: 1000\nrules:\n  a:\n    eraly: true\n    shadow: perhaps\n  A: {}\n';
    expect(readSettings(text, 's').problems.map((p) => `${p.code} ${p.line}:${p.column} ${p.severity}`)).toEqual([
      'unknown-field 1:1 warning',
      'bad-duration 3:10 error',
      'bad-number 5:13 error',
      'unknown-field 8:5 warning',
      'bad-boolean 9:13 error',
      'duplicate-entry 10:3 error',
    ]);
    expect(readSettings('- a\n', 's').problems).toMatchObject([{ code: 'wrong-shape' }]);
    expect(readSettings('rules: x\n', 's').problems).toMatchObject([{ code: 'wrong-shape', line: 1, column: 8 }]);
    expect(readSettings('rules: [\n', 's').problems[0]).toMatchObject({ code: 'yaml', severity: 'error' });
  });

  it('warns of entries for rules that do not exist', () => {
    const file = readSettings('rules:\n  Sampel rule: {early: true}\n', 's');
    expect(file.unusedEntries([RULE])).toMatchObject([
      { code: 'unknown-rule', line: 2, column: 3, severity: 'warning' },
    ]);
    expect(file.unusedEntries([RULE])[0]?.message).toContain('Did you mean "Sample rule"?');
    expect(readSettings(TEXT, 's').unusedEntries([RULE])).toEqual([]);
  });
});
