import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCompiler } from '../../src/compiler/compile';
import { COMPILED_FUNCTIONS } from '../../src/compiler/reference';
import { functionNames } from '../../src/kql';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, 'docs/kql.md'), 'utf8');
const [, refusedFunctions = ''] = page.split('\n## Functions that are refused\n');
const compiler = createCompiler([{ name: 'Event', columns: [{ name: 'TimeGenerated', type: 'datetime' }] }]);
const errorsOf = (query: string): string[] =>
  compiler
    .compile(query)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);

describe('docs/kql.md', () => {
  it("is what the registries and Microsoft's symbols say", () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/kql-doc.mjs'), '--check'], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }, 60_000);

  it('has every function of the registry, and refuses none of them', () => {
    for (const name of functionNames()) {
      expect(page).toContain(`\`${name.replaceAll('|', '\\|')}\``);
      expect(refusedFunctions).not.toContain(`\`${name}\``);
    }
  });

  it.each(COMPILED_FUNCTIONS.map((one) => [one.name, one.example]))('has %s, which compiles', (_, example) => {
    expect(errorsOf(example)).toEqual([]);
  });

  it.each([
    ['print x = "a" like "b"', 'like'],
    ['print x = parse_user_agent("x", "os")', 'parse_user_agent'],
    ['print x = current_database()', 'current_database'],
    ['print a = 1 | fork (take 1)', 'fork'],
    ['print a = 1 | evaluate autocluster()', 'autocluster'],
  ])('says what is refused: %s', (query, name) => {
    expect(errorsOf(query)).not.toEqual([]);
    expect(page).toMatch(new RegExp(`^\\| .*\`${name}\`.* \\| .+ \\|$`, 'm'));
  });
});
