import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { buildLocalEntries } from '../support/local-entries';
import { isRunning } from '../support/processes';
import { until } from '../support/until';
import { buildApp, type FixtureApp } from './fixtures/build-app';

let entries: ReturnType<typeof buildLocalEntries>;
let app: FixtureApp;
const running: ChildProcess[] = [];

beforeAll(() => {
  entries = buildLocalEntries();
  app = buildApp(['evaluate', 'flush'], {});
});
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  app?.remove();
  entries?.remove();
});

const start = (...args: string[]) => startWith({}, ...args);

function startWith(env: Readonly<Record<string, string>>, ...args: string[]) {
  const child = spawn(process.execPath, [`${entries.directory}/start.js`, '--app', app.directory, ...args], {
    stdio: 'pipe',
    env: { ...process.env, ...env },
  });
  running.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output, exited };
}

/** Processes whose parent was the program: read from /proc, where there is one. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

describe('npm start', () => {
  it('feeds files, prints the alerts on stdout and ends with --once', async () => {
    writeFileSync(app.path('a.ndjson'), '{"n":1}\n\n{"n":2}\r\n');
    writeFileSync(app.path('b.jsonl.gz'), gzipSync('{"n":3}\n{"n":4}'));
    const { output, exited } = start('--once', '--data', app.path('a.ndjson'), app.path('b.jsonl.gz'));
    expect(await exited).toBe(0);
    expect(output.stdout).toContain('Saw 4 messages');
    expect(output.stderr).toContain('4 messages evaluated');
    expect(app.lines('.outrider/alerts.ndjson.seen')).toEqual(['7', '7', '7', '7']);
  }, 60_000);

  it('stays up, says where things are, and stops everything on Ctrl-C', async () => {
    const { child, output, exited } = start('--seed', '3');
    await until('the addresses', () => output.stderr.includes('Ctrl-C stops everything'), 90_000);
    expect(output.stdout).toMatch(/Saw \d+ messages/);
    expect(output.stderr).toContain('UseDevelopmentEmulator=true');
    const children = childrenOf(child.pid!);
    expect(children.length).toBe(3);
    child.kill('SIGINT');
    expect(await exited).toBe(0);
    expect(children.filter(isRunning)).toEqual([]);
  }, 150_000);

  it('leaves no process behind when it is killed', async () => {
    const { child, output, exited } = start();
    await until('the start', () => output.stderr.includes('sending a sample'), 90_000);
    const children = childrenOf(child.pid!);
    child.kill('SIGKILL');
    await exited;
    await until('the end of its processes', () => children.filter(isRunning).length === 0);
  }, 150_000);

  it('ends at once where a setting is wrong, wherever it is written, and says every fault', async () => {
    writeFileSync(app.path('local.settings.json'), JSON.stringify({ Values: { OUTRIDER_MAX_LATE: 'never' } }));
    const { output, exited } = startWith({ OUTRIDER_GRACE: 'soon', OUTRIDER_GRCE: '5m' });
    const code = await exited;
    rmSync(app.path('local.settings.json'));
    expect(code).toBe(1);
    for (const fault of ['OUTRIDER_GRACE must be', 'OUTRIDER_GRCE is no setting', 'OUTRIDER_MAX_LATE must be'])
      expect(output.stderr).toContain(fault);
    expect(output.stderr).not.toContain('starting storage');
  }, 60_000);

  it('explains wrong usage', async () => {
    const wrong = start('--rate', 'fast');
    expect(await wrong.exited).toBe(2);
    expect(wrong.output.stderr).toContain('whole number');
    const missing = start('--data', 'nowhere.ndjson');
    expect(await missing.exited).toBe(1);
    expect(missing.output.stderr).toContain('nowhere.ndjson: there is no such file');
    const help = start('--help');
    expect(await help.exited).toBe(0);
    expect(help.output.stdout).toContain('--data <file...>');
  });
});
