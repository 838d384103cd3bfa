import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RuleCache } from '../../src/rules/rule-cache';

declare const OUTRIDER_BUILD: string | undefined;

/** Of the program that compiles, made by the build; a program without one keeps nothing. */
export const buildId = (): string | undefined => (typeof OUTRIDER_BUILD === 'string' ? OUTRIDER_BUILD : undefined);

const DAY = 86_400_000;
/** What nobody asked for so long is deleted. */
const KEPT_MS = 30 * DAY;
/** How often what is old is looked for, and how exactly it is noted when something was last asked for. */
const SWEEP_MS = DAY;

/** Where programs keep what they can make again. Not below the folder of the rules: what is in there may be anybody's. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  const base = XDG_CACHE_HOME || (process.platform === 'win32' && LOCALAPPDATA) || join(homedir(), '.cache');
  return join(base, 'outrider', 'rules');
}

/**
 * A file for each key, in a folder for the program that wrote it. What cannot be read, or is not what was written, counts as not there; where
 * nothing can be written, nothing is kept.
 */
export class RuleCacheFiles implements RuleCache {
  private readonly folder: string;
  private hasWritten = false;

  constructor(
    private readonly root: string,
    build: string,
    private readonly now: () => number = Date.now,
  ) {
    this.folder = join(root, build);
  }

  get(key: string): unknown {
    const path = this.pathOf(key);
    try {
      const text = readFileSync(path, 'utf8');
      const sum = text.slice(0, SUM_LENGTH);
      const content = text.slice(SUM_LENGTH + 1);
      if (sum !== sumOf(content)) return undefined;
      const value: unknown = JSON.parse(content);
      if (this.now() - statSync(path).mtimeMs > SWEEP_MS) utimesSync(path, this.now() / 1000, this.now() / 1000);
      return value;
    } catch {
      return undefined;
    }
  }

  put(key: string, value: unknown): void {
    const path = this.pathOf(key);
    const content = JSON.stringify(value);
    try {
      mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.${process.pid}`, `${sumOf(content)}\n${content}`, { mode: 0o600 });
      renameSync(`${path}.${process.pid}`, path);
      this.hasWritten = true;
    } catch {
      // A full disk or a folder that is read only: the next run works it out again.
    }
  }

  /** Deletes what nobody asked for in a month, once a day at most, and only after something was written. */
  sweep(): void {
    if (!this.hasWritten) return;
    const note = join(this.root, 'swept');
    try {
      if (this.now() - (statSync(note, { throwIfNoEntry: false })?.mtimeMs ?? 0) < SWEEP_MS) return;
      writeFileSync(note, '', { mode: 0o600 });
      for (const entry of readdirSync(this.root, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isFile() && path !== note && this.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path);
      }
    } catch {
      // Another process may be at it.
    }
  }

  private pathOf(key: string): string {
    return join(this.folder, key.slice(0, 2), `${key}.json`);
  }
}

const SUM_LENGTH = 32;
const sumOf = (content: string): string => createHash('sha256').update(content).digest('hex').slice(0, SUM_LENGTH);
