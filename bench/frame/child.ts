import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Result } from './measure';

/** Runs one measure in a process of its own, and gives its results. What it says on stderr goes to ours. Rejects where it fails. */
export async function measureInChild(
  name: string,
  nodeOptions: readonly string[],
  options: readonly string[],
): Promise<Result[]> {
  const args = [...process.execArgv, ...nodeOptions, process.argv[1]!, '--measure', name, ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const results: Result[] = [];
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  for await (const line of createInterface({ input: child.stdout })) results.push(JSON.parse(line) as Result);
  const code = await ended;
  if (code !== 0) throw new Error(`${name}: its process ended with ${code ?? child.signalCode}`);
  return results;
}
