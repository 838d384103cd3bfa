import { readFileSync, writeSync } from 'node:fs';
import type { StreamPlan } from '../../../src/streaming/stream-plan';
import type { Attack } from './attack';
import { decoderAttacks } from './decoder-attacks';
import { functionAttacks } from './function-attacks';
import { faultOf } from './growth';
import { cpuMs } from './measure';
import { ruleAttacks } from './rule-attacks';

/**
 * Runs attacks in a process of its own, whose memory is bounded and which can be ended where one of them does not end:
 * `runner PLANS BYTES FROM [ONLY]`. A line for each: its number before, what was found after.
 */
const [, , plansFile, bytesText, fromText, only] = process.argv;
const bytes = Number(bytesText);
const plans = JSON.parse(readFileSync(plansFile!, 'utf8')) as Record<string, StreamPlan>;
const isWanted = new RegExp(only ?? '');
const attacks: readonly Attack[] = [...ruleAttacks(plans), ...decoderAttacks, ...functionAttacks].filter(({ name }) =>
  isWanted.test(name),
);

const say = (line: unknown): void => void writeSync(1, `${JSON.stringify(line)}\n`);

for (let i = Number(fromText); i < attacks.length; i++) {
  const attack = attacks[i]!;
  say({ at: i, name: attack.name });
  const fault = faultOf(attack, bytes);
  if (fault !== undefined) say({ name: attack.name, fault });
}
say({ done: attacks.length, cpuMs: Math.round(cpuMs()) });
