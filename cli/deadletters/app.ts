import { Option } from 'commander';
import type { OperatorConfig } from '../../src/config';
import { DEAD_LETTER_REASONS, type DeadLetterSummary } from '../../src/deadletters/record';
import { type AppStorage, openStorage } from '../../src/host/operator';
import { parseDuration } from '../../src/plan/duration';
import { UsageError } from '../io/output';
import { operatorConfig } from '../io/settings';

export interface AppFlags {
  readonly settings?: string;
}

export const settingsOption = (): Option =>
  new Option('--settings <FILE>', 'take settings from a local.settings.json instead of the environment');

/** The storage that the settings name. Throws ConfigError, UsageError. */
export async function openApp(flags: AppFlags): Promise<{ config: OperatorConfig; app: AppStorage }> {
  const config = operatorConfig(flags.settings);
  return { config, app: await openStorage(config) };
}

export interface Choice {
  readonly reason?: readonly string[];
  readonly rule?: string;
  readonly since?: string;
}

export const choiceOptions = (): Option[] => [
  new Option('--reason <REASON...>', 'only those of these reasons').choices(DEAD_LETTER_REASONS),
  new Option('--rule <ID>', 'only those on which this rule failed'),
  new Option('--since <TIME>', 'only those that the hub took in since: a duration back from now (7d), or a time'),
];

/** ms since 1970. */
function sinceOf(text: string, now: number): number {
  const back = parseDuration(text);
  const time = back === undefined ? Date.parse(text) : now - back;
  if (Number.isNaN(time)) throw new UsageError(`--since ${text}: must be a duration such as 7d, or a time in ISO 8601`);
  return time;
}

/** Dead letters that are asked for, the oldest day first; `after`: those behind this id. */
export async function* chosenLetters(
  { letters }: AppStorage,
  { reason, rule, since }: Choice,
  now: number,
  after?: string,
): AsyncGenerator<DeadLetterSummary> {
  const from = since === undefined ? undefined : sinceOf(since, now);
  for (let next = after; ; ) {
    const page = await letters.list({ pageSize: 500, from, after: next });
    for (const letter of page.letters) {
      if (from !== undefined && letter.enqueuedTime < from) continue;
      if (reason && !reason.includes(letter.reason)) continue;
      if (rule !== undefined && letter.ruleId?.toLowerCase() !== rule.toLowerCase()) continue;
      yield letter;
    }
    if (page.next === undefined) return;
    next = page.next;
  }
}

export const isoTime = (ms: number): string => (Number.isFinite(ms) ? new Date(ms).toISOString() : '');
