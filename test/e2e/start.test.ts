import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { deployApp, ROOT } from '../support/full-stack';
import { isRunning } from '../support/processes';
import { until } from '../support/until';

const app = deployApp(['rules/lateral-movement-via-dcom.yaml']);
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  app.remove();
});

/** The program behind `npm start`, as it was built. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'local', 'start.js'), '--app', app.directory, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output, exited };
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

describe('npm start -- --once', () => {
  it('finds the attacks of the sample, prints them, ends with 0 and leaves no process behind', async () => {
    const { child, output, exited } = start('--once');
    const children = new Set<number>();
    await until('its processes', () => {
      for (const pid of childrenOf(child.pid!)) children.add(pid);
      return children.size >= 3;
    });
    expect(await exited).toBe(0);
    expect(output.stdout).toContain('Lateral Movement via DCOM');
    expect(output.stdout.match(/^ +Result \d/gm)).toHaveLength(3);
    expect(output.stdout).toContain('mmc.exe -Embedding');
    expect([...children].filter(isRunning)).toEqual([]);
  }, 90_000);

  it('takes another port where a usual one is taken, and says so of one that was asked for', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    for (const option of ['--events-port', '--blob-port', '--table-port', '--http-port']) {
      const { output, exited } = start('--once', option, String(port));
      expect(await exited).toBe(1);
      expect(output.stderr).toMatch(new RegExp(`port ${port} .* is taken`));
    }
    await new Promise((resolve) => server.close(resolve));
  }, 90_000);
});
