import { runHistory } from './history';
import type { ChaosRule } from './rules';
import { FATES, unmet } from './steps';

/** What many histories came to. */
export interface Total {
  readonly histories: number;
  readonly steps: Record<string, number>;
  readonly crashes: Record<string, number>;
  readonly happened: Record<string, number>;
  readonly failures: readonly { readonly seed: number; readonly problems: readonly string[] }[];
}

export const emptyTotal = (): Total => ({ histories: 0, steps: {}, crashes: {}, happened: {}, failures: [] });

/** Plays a history for each seed in [from, to); stops after `mostFailures` that failed, or where `goOn` says no. */
export async function runHistories(
  rules: readonly ChaosRule[],
  from: number,
  to: number,
  mostFailures = 1,
  goOn: () => boolean = () => true,
): Promise<Total> {
  let total = emptyTotal();
  for (let seed = from; seed < to && total.failures.length < mostFailures && goOn(); seed++) {
    const { steps, crashes, happened, problems } = await runHistory(rules, seed).catch((error: Error) => {
      throw new Error(`history ${seed}: ${error.message}`, { cause: error });
    });
    total = add(total, {
      histories: 1,
      steps: Object.fromEntries(steps),
      crashes: Object.fromEntries(crashes),
      happened: Object.fromEntries(happened),
      failures: problems.length > 0 ? [{ seed, problems: problems.slice(0, 5) }] : [],
    });
  }
  return total;
}

export const add = (a: Total, b: Total): Total => ({
  histories: a.histories + b.histories,
  steps: sum(a.steps, b.steps),
  crashes: sum(a.crashes, b.crashes),
  happened: sum(a.happened, b.happened),
  failures: [...a.failures, ...b.failures],
});

function sum(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const result = { ...a };
  for (const [key, n] of Object.entries(b)) result[key] = (result[key] ?? 0) + n;
  return result;
}

/** So many histories must meet every step of the protocol with every fate, and what follows. */
const ENOUGH = 5_000;
const RARE = [
  'window that alerts after its suppressor was withdrawn',
  'resend that slept until state could be gone',
  'resend that says what it does not correct',
  'resend counted, late',
  'resend counted-before',
];

/** What none of the histories met, where they are enough to meet it all. */
export const gapsOf = ({ histories, steps, crashes, happened }: Total): string[] =>
  histories >= ENOUGH ? [...unmet(steps, crashes), ...RARE.filter((what) => !happened[what])] : [];

/** Seeds, counts, and how often each step was where a process was killed or a request failed. */
export function reportOf(seed: number, { histories, steps, crashes, happened, failures }: Total): string {
  const crashed = Object.keys(steps)
    .sort()
    .map((step) => {
      const by = FATES.map((fate) => `${fate} ${crashes[`${step} ${fate}`] ?? 0}`);
      return `  ${step}: ${steps[step]}; ${by.join(', ')}`;
    });
  return [
    `histories: ${histories}, seeds ${seed} to ${seed + histories - 1}`,
    'steps taken, and how often a process was killed or a request failed there',
    ...crashed,
    'what happened',
    ...Object.entries(happened)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, n]) => `  ${what}: ${n}`),
    ...gapsOf({ histories, steps, crashes, happened, failures }).map((what) => `NEVER MET ${what}`),
    ...failures.map(
      (failure) =>
        `FAILED history ${failure.seed} (OUTRIDER_SEED=${failure.seed} OUTRIDER_HISTORIES=1):\n${failure.problems.join('\n')}`,
    ),
    '',
  ].join('\n');
}
