import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundlePrograms } from './bundle';

const ROOT = join(__dirname, '..', '..');

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Cli {
  /** Runs the command to its end. The environment is what is given, PATH and nothing else. */
  run(args: readonly string[], options?: { env?: Record<string, string>; input?: string }): Promise<CliResult>;
  remove(): void;
}

/** Compiles the `outrider` command for tests that run it as a process. */
export function buildCli(): Cli {
  const { directory, remove } = bundlePrograms('cli', ['outrider.ts']);
  return {
    run: (args, { env = {}, input } = {}) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [join(directory, 'outrider.js'), ...args], {
          cwd: ROOT,
          env: { PATH: process.env.PATH, ...env },
          stdio: 'pipe',
        });
        const output = { stdout: '', stderr: '' };
        child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
        child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
        child.once('error', reject);
        child.once('close', (code) => resolve({ code, ...output }));
        child.stdin.end(input ?? '');
      }),
    remove,
  };
}
