import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Attack } from './attack';

/** Processor time of this process, ms: a busy machine adds less to it than to the clock. */
export const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Processor time of one run, ms, without what prepares it. */
export function timed(attack: Attack, bytes: number): number {
  const run = attack.prepare(bytes);
  const from = cpuMs();
  run();
  return cpuMs() - from;
}

export const least = (attack: Attack, bytes: number, times: number): number =>
  Math.min(...Array.from({ length: times }, () => timed(attack, bytes)));

/** What `referenceWork` takes where nothing else runs, ms. */
const REFERENCE_MS = 25;
const REFERENCE_TEXT = JSON.stringify(
  Array.from({ length: 500 }, (_, id) => ({ id, name: `n${id}`, list: [id, 'a'] })),
);

function referenceWork(): number {
  const from = cpuMs();
  for (let i = 0; i < 100; i++) JSON.parse(REFERENCE_TEXT);
  return cpuMs() - from;
}

/** How many times as long as usual work takes at present: 1 or more. */
export const slowness = (): number => Math.max(1, Math.min(referenceWork(), referenceWork()) / REFERENCE_MS);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Resident memory above which garbage of earlier attacks is collected, so that it hides nothing of the next. */
const HIGH_WATER = 192 << 20;

/** Peak of resident memory that a run adds, bytes. What the peak was before is forgotten where the system can do so (Linux). */
export function peakOf(run: () => void): number {
  if (process.memoryUsage.rss() > HIGH_WATER) collect();
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Elsewhere the highest of all runs so far counts: less is seen, and what breaks the heap's limit still is.
  }
  const before = process.resourceUsage().maxRSS;
  run();
  return (process.resourceUsage().maxRSS - before) * 1024;
}
