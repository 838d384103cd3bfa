import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Time } from './clock';

export interface ProcessRun extends Time {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Loaded before a program, and before those that it starts: each leaves its processor time when it ends. */
const TELL = `process.on('exit', () => { const { user, system } = process.cpuUsage(); require('node:fs').appendFileSync(process.env.BENCH_CPU_FILE, (user + system) / 1000 + '\\n'); });`;

/** Runs a Node program from start to end: its time by the clock, and the processor time of it and of the Node processes it started. */
export async function runNode(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ProcessRun> {
  const folder = mkdtempSync(join(tmpdir(), 'outrider-bench-'));
  const tell = join(folder, 'tell.cjs');
  const times = join(folder, 'cpu');
  writeFileSync(tell, TELL);
  try {
    const started = performance.now();
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env, NODE_OPTIONS: `--require ${tell}`, BENCH_CPU_FILE: times },
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const wall = performance.now() - started;
    const cpu = readFileSync(times, 'utf8')
      .split('\n')
      .reduce((sum, line) => sum + Number(line), 0);
    return { wall, cpu, code, ...said };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As `runNode`; throws with what the program said where it ends otherwise than well. */
export async function runNodeWell(
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<ProcessRun> {
  const run = await runNode(args, env);
  if (run.code !== 0) throw new Error(`${args.join(' ')} ended with ${run.code}: ${run.stderr.slice(-1000)}`);
  return run;
}
