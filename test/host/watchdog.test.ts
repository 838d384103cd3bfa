import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..', '..');
const { outputFiles } = buildSync({
  entryPoints: [join(ROOT, 'src/host/watchdog.ts')],
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
});

/** Runs a script in a process with a watchdog of two seconds. */
const run = (script: string) =>
  spawnSync(
    process.execPath,
    ['-e', `${outputFiles[0]!.text};const dog = new module.exports.Watchdog(2);\n${script}`],
    { encoding: 'utf8', timeout: 60_000, killSignal: 'SIGTERM' },
  );

const BLOCK = 'const block = (ms) => { const end = Date.now() + ms; while (Date.now() < end); };';

describe('the watchdog', () => {
  it('ends a process that hangs, and says so', () => {
    const { signal, stderr } = run('setTimeout(() => { for (;;); }, 100);');
    expect({ signal, stderr: JSON.parse(stderr) }).toEqual({
      signal: 'SIGKILL',
      stderr: { level: 'error', message: 'evaluation hangs: the process ends', seconds: 2 },
    });
  });

  it('leaves one alone that waits, or works and shows it', () => {
    expect(run('setTimeout(() => {}, 5_000);')).toMatchObject({ status: 0, signal: null, stderr: '' });
    const working = `${BLOCK} setTimeout(() => { for (let i = 0; i < 20; i++) { block(250); dog.beat(); } }, 100);`;
    expect(run(working)).toMatchObject({ status: 0, signal: null, stderr: '' });
  });

  it('keeps no process that has come to its end', () => {
    expect(run('')).toMatchObject({ status: 0, signal: null });
  });
});
