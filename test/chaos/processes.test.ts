import { type Random, randomOf } from '../support/random';
import { MINUTE } from '../support/stream';
import { ProcessWorld, type Role, type Worker } from './process-world';

/**
 * Real processes, killed with SIGKILL at a request to the storage, before or after it was applied: the steps of the protocol are taken in turn, the
 * least hit first. OUTRIDER_KILLS=300 for the long form, OUTRIDER_SEED for another history.
 */
const KILLS = Number(process.env.OUTRIDER_KILLS ?? 6);
const SEED = Number(process.env.OUTRIDER_SEED ?? 1);
/** How long a step may not come up before another one is tried. */
const GIVE_UP_MS = 10_000;

interface Target {
  readonly role: Role;
  readonly step: string;
  readonly side: 'before' | 'after';
}

const keyOf = ({ role, step, side }: Target): string => `${role}: ${step}, ${side}`;

/** The targets hit least, in any order. */
function nextTarget(world: ProcessWorld, hits: ReadonlyMap<string, number>, random: Random): Target {
  const targets = (['evaluate', 'flush'] as const).flatMap((role) =>
    [...world.steps[role].keys()].flatMap((step) =>
      (['before', 'after'] as const).map((side): Target => ({ role, step, side })),
    ),
  );
  const least = Math.min(...targets.map((target) => hits.get(keyOf(target)) ?? 0));
  return random.pick(targets.filter((target) => (hits.get(keyOf(target)) ?? 0) === least));
}

/** Events flow and windows close until the process is killed. Returns whom it hit. */
async function killAt(world: ProcessWorld, target: Target, skip: number): Promise<Worker | undefined> {
  let left = skip;
  let hit: Worker | undefined;
  world.judge = (worker, step) => {
    if (hit || worker.role !== target.role || step !== target.step || left-- > 0) return undefined;
    hit = worker;
    return target.side;
  };
  const end = Date.now() + GIVE_UP_MS;
  while (!hit && Date.now() < end) {
    await world.publish(4);
    await pause(150);
    world.flush();
    await pause(150);
    await world.moveTo(world.now + 7 * MINUTE);
  }
  world.judge = () => undefined;
  if (!hit) return undefined;
  await hit.host.exited;
  return hit;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('real processes', () => {
  it(
    `killed ${KILLS} times at the steps of the protocol: the alerts are those of the batch`,
    async () => {
      const random = randomOf(SEED);
      const hits = new Map<string, number>();
      let kills = 0;
      const started = Date.now();
      const world = await ProcessWorld.create(random);
      try {
        // One round without kills, to see the steps there are.
        await world.publish(8);
        await world.stack.evaluated();
        await world.moveTo(world.now + 70 * MINUTE);
        await world.stack.flush();
        for (let tries = 0; kills < KILLS && tries < 3 * KILLS; tries++) {
          const target = nextTarget(world, hits, random);
          const hit = await killAt(world, target, random.below(3));
          // One that did not come up waits for its turn like the others.
          hits.set(keyOf(target), (hits.get(keyOf(target)) ?? 0) + 1);
          if (!hit) {
            hits.set(keyOf(target), (hits.get(keyOf(target)) ?? 1) - 1 + 0.5);
            continue;
          }
          kills++;
          if (random.chance(20)) world.amqp.cut();
          await world.launch(hit);
        }
        await world.rest();
        const { problems, windows, alerts } = world.check();
        report(hits, {
          seed: SEED,
          kills,
          events: world.events.length,
          windows,
          alerts,
          seconds: (Date.now() - started) / 1000,
        });
        expect(problems).toEqual([]);
        expect(kills).toBe(KILLS);
        expect(alerts).toBeGreaterThan(0);
      } finally {
        await world.stop();
      }
    },
    300_000 + KILLS * 30_000,
  );
});

function report(hits: ReadonlyMap<string, number>, totals: object): void {
  const lines = [...hits]
    .map(([step, count]) => `${String(Math.floor(count)).padStart(6)} ${step}`)
    .sort((a, b) => a.slice(7).localeCompare(b.slice(7)));
  process.stdout.write(
    `processes: ${JSON.stringify(totals)}\n${process.env.OUTRIDER_KILLS ? `${lines.join('\n')}\n` : ''}`,
  );
}
