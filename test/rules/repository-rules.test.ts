import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRules } from '../../src/rules/find';
import { readSettings } from '../../src/rules/settings';

const folder = join(__dirname, '../../rules');

describe('the rules of this repository', () => {
  it('read without a problem', async () => {
    const { files, problems } = await findRules([folder]);
    expect(problems).toEqual([]);
    expect(files.map((file) => file.rule?.name)).toContain('Lateral Movement via DCOM');
  });

  it('have settings that read without a problem, also with the comments taken away', () => {
    const text = readFileSync(join(folder, 'settings.yaml'), 'utf8');
    expect(readSettings(text, 'settings.yaml').problems).toEqual([]);
    const sample = text
      .split('\n')
      .slice(1)
      .map((line) => line.replace(/^# ?/, ''))
      .join('\n');
    const settings = readSettings(sample, 'settings.yaml');
    expect(settings.problems).toEqual([]);
    expect(settings.settingsFor({ id: 'x', name: 'Lateral Movement via DCOM' })).toMatchObject({
      graceMs: 60_000,
      sinks: ['file'],
    });
  });
});
