import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '../../src/config';

const root = join(__dirname, '../..');

describe('docs/settings.md', () => {
  it('is what src/config.ts says', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/settings-doc.mjs'), '--check'], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }, 30_000);

  it('has every setting once', () => {
    const text = readFileSync(join(root, 'docs/settings.md'), 'utf8');
    for (const { name } of SETTINGS) expect(text.split(`\n| \`${name}\` |`)).toHaveLength(2);
  });
});
