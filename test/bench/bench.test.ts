import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const bench = (...options: string[]) =>
  spawnSync(process.execPath, [join(ROOT, 'scripts', 'bench.mjs'), ...options], { cwd: ROOT, encoding: 'utf8' });

describe('npm run bench', () => {
  test('measures in a short form, and says so as JSON', () => {
    const { status, stdout, stderr } = bench('--quick', '--made', '--json', '--only', 'one-rule,raw-xml');
    expect({ status, failed: /failed/.exec(stderr)?.[0] }).toEqual({ status: 0, failed: undefined });
    const { environment, isQuick, results, failed } = JSON.parse(stdout);
    expect({ isQuick, failed, node: environment.node }).toEqual({ isQuick: true, failed: [], node: process.version });
    expect(results.map(({ name }: { name: string }) => name)).toEqual(['one-rule', 'raw-xml']);
    for (const { wall, cpu, ratio, floor, holds, sizes } of results) {
      for (const figure of [wall, cpu, ratio.wall, ratio.cpu]) {
        expect(figure.rounds).toBe(1);
        expect(figure.median).toBeGreaterThan(0);
      }
      expect(holds).toBe(ratio.cpu.median >= floor.atLeast);
      expect(sizes).toMatchObject({ rules: 1, events: 500, 'events from': expect.stringMatching(/^generated/) });
    }
  }, 120_000);

  test('a measure that is not there is wrong usage, and says which there are', () => {
    const { status, stderr } = bench('--only', 'nothing-like-it');
    expect(status).toBe(2);
    expect(stderr).toMatch(/no measure nothing-like-it[\s\S]*one-rule/);
  }, 60_000);
});
