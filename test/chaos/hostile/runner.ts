import { readFileSync, writeSync } from 'node:fs';
import type { StreamPlan } from '../../../src/streaming/stream-plan';
import type { Attack } from './attack';
import { decoderAttacks } from './decoder-attacks';
import { functionAttacks } from './function-attacks';
import { ruleAttacks } from './rule-attacks';

/**
 * Runs attacks in a process of its own, whose memory is bounded and which can be ended where one of them does not end:
 * `runner PLANS BYTES FROM [ONLY]`. A line for each: its number before, what was measured after.
 */
const [, , plansFile, bytesText, fromText, only] = process.argv;
const small = Number(bytesText);
const large = 4 * small;
const plans = JSON.parse(readFileSync(plansFile!, 'utf8')) as Record<string, StreamPlan>;
const attacks: readonly Attack[] = [...ruleAttacks(plans), ...decoderAttacks, ...functionAttacks].filter(
  ({ name }) => !only || new RegExp(only).test(name),
);

/** Less than this is no work, and too little to tell growth from noise, ms. */
const QUIET_MS = 80;
/** Linear is 4, n log n 5; a collection of garbage or a compilation may fall into one of the two. */
const MOST_GROWTH = 8;
/** Processor time that may go into a byte of a message, µs, and a sum that everything may take, ms. */
const MOST_PER_BYTE = 20;
const MOST_AT_ALL_MS = 500;
const MOST_MEMORY = 256 << 20;

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

function timed(attack: Attack, bytes: number): number {
  const run = attack.prepare(bytes);
  const from = cpuMs();
  run();
  return cpuMs() - from;
}

const least = (attack: Attack, bytes: number, times: number): number =>
  Math.min(...Array.from({ length: times }, () => timed(attack, bytes)));

function faultOf(attack: Attack): string | undefined {
  const before = process.resourceUsage().maxRSS;
  let ms = timed(attack, large);
  const memory = (process.resourceUsage().maxRSS - before) * 1024;
  if (memory > MOST_MEMORY) return `${memory >> 20} MiB of memory for ${large} bytes`;
  if (ms < QUIET_MS) return undefined;
  if (ms > MOST_AT_ALL_MS + (large * MOST_PER_BYTE) / 1000) ms = least(attack, large, 2);
  if (ms > MOST_AT_ALL_MS + (large * MOST_PER_BYTE) / 1000) return `${ms.toFixed(0)} ms for ${large} bytes`;
  // Whatever was compiled on the way is there by now; what is left of the time is work.
  const [a, b] = [least(attack, small, 3), Math.min(ms, least(attack, large, 2))];
  if (b < QUIET_MS || b <= MOST_GROWTH * Math.max(a, 1)) return undefined;
  return `${a.toFixed(1)} ms for ${small} bytes, ${b.toFixed(0)} ms for four times as many`;
}

const say = (line: unknown): void => void writeSync(1, `${JSON.stringify(line)}\n`);

for (let i = Number(fromText); i < attacks.length; i++) {
  const attack = attacks[i]!;
  say({ at: i, name: attack.name });
  let fault: string | undefined;
  try {
    fault = faultOf(attack);
  } catch (error) {
    fault = `threw ${(error as Error).name}: ${(error as Error).message}`;
  }
  if (fault !== undefined) say({ name: attack.name, fault });
}
say({ done: attacks.length, cpuMs: Math.round(cpuMs()) });
