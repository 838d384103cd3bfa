/** How long something took, ms: by the clock, and in processor time of this process (all its threads). */
export interface Time {
  readonly wall: number;
  readonly cpu: number;
}

export async function timed(run: () => unknown): Promise<Time> {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: performance.now() - wall, cpu: (user + system) / 1000 };
}

export interface Rounds {
  readonly atLeast: number;
  readonly atMost: number;
  /** No further round begins after this long, ms. */
  readonly budgetMs: number;
}

export const FULL: Rounds = { atLeast: 3, atMost: 9, budgetMs: 20_000 };
export const QUICK: Rounds = { atLeast: 1, atMost: 1, budgetMs: 0 };

/** Runs rounds of several things in turn, so that what disturbs one disturbs the other; a first round of each warms up and is not counted. */
export async function inTurn<K extends string>(
  { atLeast, atMost, budgetMs }: Rounds,
  parts: Readonly<Record<K, () => unknown>>,
): Promise<Record<K, Time>[]> {
  const names = Object.keys(parts) as K[];
  const round = async (): Promise<Record<K, Time>> => {
    const times = {} as Record<K, Time>;
    for (const name of names) {
      (globalThis as { gc?: () => void }).gc?.();
      times[name] = await timed(parts[name]);
    }
    return times;
  };
  if (atMost > 1) await round();
  const end = performance.now() + budgetMs;
  const rounds: Record<K, Time>[] = [];
  while (rounds.length < atLeast || (rounds.length < atMost && performance.now() < end)) rounds.push(await round());
  return rounds;
}
