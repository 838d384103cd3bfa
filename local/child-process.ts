import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A Node process started by this one; it cannot outlive it. */
export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<ChildExit>;
  /** Asks it to end with `request` (a message, or SIGTERM without one), and kills it when it has not after `graceMs`. */
  stop(request: object | undefined, graceMs: number): Promise<ChildExit>;
  kill(): Promise<ChildExit>;
}

const running = new Set<ChildProcess>();
let killsOnExit = false;

/**
 * Starts `node ARGS` with an IPC channel. The child is a process group of its own, so that Ctrl-C in the terminal
 * reaches only this process, which then stops its children in order. When this process ends, however it ends, the
 * child ends: it is killed on a normal exit, and sees the channel close on any other.
 */
export function startChild(
  args: readonly string[],
  options: Pick<SpawnOptions, 'env' | 'cwd' | 'serialization'>,
): Child {
  if (!killsOnExit) {
    killsOnExit = true;
    process.on('exit', () => {
      for (const child of running) child.kill('SIGKILL');
    });
  }
  const child = spawn(process.execPath, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  running.add(child);
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('error', () => {
      running.delete(child);
      resolve({ code: null, signal: null });
    });
    child.once('exit', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  const kill = (): Promise<ChildExit> => {
    child.kill('SIGKILL');
    return exited;
  };
  return {
    process: child,
    pid: child.pid ?? -1,
    exited,
    kill,
    async stop(request, graceMs) {
      if (child.exitCode !== null || child.signalCode !== null) return exited;
      if (request && child.connected) child.send(request, () => {});
      else child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      try {
        return await exited;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** The last output of a child, for the message when it fails. At most 8 KiB are kept. */
export function recentOutput(child: Child): () => string {
  let tail = '';
  for (const stream of [child.process.stdout, child.process.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-8192);
    });
  }
  return () => tail.trim();
}

/** In a child: end when the parent is gone, whatever this process is doing. */
export function exitWithParent(): void {
  if (process.send) process.on('disconnect', () => process.exit(1));
}
