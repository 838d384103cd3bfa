import { testSettings } from '../support/full-stack';
import { type Random, randomOf } from '../support/random';
import { MINUTE } from '../support/stream';
import { until } from '../support/until';
import { CONFLICT, Counts, Faults, HANG_FAULTS, STORAGE_FAULTS } from './process-faults';
import { type Judge, ProcessWorld, REJECTED, type Role, type Worker } from './process-world';

/**
 * Real processes, killed with SIGKILL at a request to the storage or at an AMQP frame to or from the hub, before or after it was applied: the
 * steps of the protocol are taken in turn, the least hit first. OUTRIDER_KILLS=300 for the long form, OUTRIDER_SEED for another history.
 */
const KILLS = Number(testSettings.OUTRIDER_KILLS ?? 6);
const SEED = Number(testSettings.OUTRIDER_SEED ?? 1);
/** How long a step may not come up before a process is started anew for it, and before another one is tried. */
const STIR_MS = 2_000;
const GIVE_UP_MS = 7_000;
/** A step is let pass some times where it comes up often. */
const OFTEN = 60;

interface Target {
  readonly role: Role;
  readonly step: string;
  readonly side: 'before' | 'after';
}

const keyOf = ({ role, step, side }: Target): string => `${role}: ${step}, ${side}`;

/** One of those hit least. */
function nextTarget(world: ProcessWorld, hits: Counts, random: Random): Target {
  const targets = (['evaluate', 'flush'] as const).flatMap((role) =>
    [...world.steps[role].keys()].flatMap((step) =>
      (['before', 'after'] as const).map((side): Target => ({ role, step, side })),
    ),
  );
  return hits.least(targets, keyOf, random);
}

/** Events flow and windows close until the process is killed. Returns whom it hit. */
async function killAt(world: ProcessWorld, target: Target, random: Random): Promise<Worker | undefined> {
  let left = (world.steps[target.role].get(target.step) ?? 0) > OFTEN ? random.below(3) : 0;
  let hit: Worker | undefined;
  const judge = (worker: Worker, step: string): 'pass' | 'before' | 'after' => {
    if (hit || worker.role !== target.role || step !== target.step || left-- > 0) return 'pass';
    hit = worker;
    return target.side;
  };
  world.judge = judge;
  world.judgeAmqp = judge;
  const started = Date.now();
  let stirred = started;
  while (!hit && Date.now() < started + GIVE_UP_MS) {
    // Some steps are those of a process that begins, or of partitions that change hands.
    if (Date.now() > stirred + STIR_MS) {
      await world.restart(random.pick(world.workers.filter(({ role }) => role === target.role)));
      stirred = Date.now();
    }
    await world.publish(3);
    // A flush has something to do once the partitions have been read.
    if (target.role === 'flush') await world.caughtUp(1_000);
    else await pause(100);
    world.flush();
    if (target.role === 'flush') await Promise.race([world.flushed(), pause(1_000)]);
    else await pause(100);
    await world.moveTo(world.now + (target.role === 'flush' ? 40 : 7) * MINUTE);
  }
  world.judge = () => 'pass';
  world.judgeAmqp = () => 'pass';
  if (!hit) return undefined;
  await (await hit.host).exited;
  return hit;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('real processes', () => {
  const random = randomOf(SEED);
  let world: ProcessWorld;
  beforeAll(async () => {
    world = await ProcessWorld.create(random);
  }, 180_000);
  afterAll(async () => {
    await world?.stop();
  }, 60_000);

  it(
    `killed ${KILLS} times at the steps of the protocol: the alerts are those of the batch`,
    async () => {
      const hits = new Counts();
      let kills = 0;
      const started = Date.now();
      // One round without kills, to see the steps there are.
      await world.publish(8);
      await world.stack.evaluated();
      await world.moveTo(world.now + 70 * MINUTE);
      await world.stack.flush();
      for (let tries = 0; kills < KILLS && tries < 3 * KILLS; tries++) {
        const target = nextTarget(world, hits, random);
        const hit = await killAt(world, target, random);
        // One that did not come up waits for its turn like the others.
        hits.add(keyOf(target), hit ? 1 : 0.5);
        if (!hit) continue;
        kills++;
        if (random.chance(20)) world.cutAmqp();
        await world.launch(hit);
      }
      await world.rest();
      const { problems, windows, alerts } = world.check();
      const seconds = (Date.now() - started) / 1000;
      report(hits, { seed: SEED, kills, events: world.events.length, windows, alerts, seconds });
      expect(problems).toEqual([]);
      expect(kills).toBe(KILLS);
      expect(alerts).toBeGreaterThan(0);
    },
    300_000 + KILLS * 30_000,
  );

  it('over a storage that fails in every way: the alerts are those of the batch', async () => {
    const faults = new Faults({ random, chance: 12, cutChance: 3, hangs: HANGS, cuts: CUTS });
    world.judge = faults.judge;
    world.judgeAmqp = faults.judgeAmqp;
    for (let round = 0; round < ROUNDS || (!isComplete(faults.counts) && round < 10 * ROUNDS); round++) {
      await world.publish(6);
      await pause(500);
      world.flush();
      await Promise.race([world.flushed(), pause(10_000)]);
      await world.moveTo(world.now + 25 * MINUTE);
    }
    world.judgeAmqp = () => 'pass';
    // A storm: no commit gets through, however often it is tried.
    let storm = 0;
    world.judge = (worker, step) =>
      worker.role === 'evaluate' && step === 'write mark' && ++storm <= 60 ? CONFLICT : 'pass';
    await world.publish(6);
    await until('the storm', () => storm > 10, 60_000);
    await world.rest();
    const { problems } = world.check();
    process.stdout.write(
      `faults: ${JSON.stringify({ seed: SEED, ...Object.fromEntries(faults.counts.sorted()), storm })}\n`,
    );
    expect(problems).toEqual([]);
    expect(isComplete(faults.counts)).toBe(true);
    expect((await world.stack.letters()).map(({ reason, detail }) => `${reason} ${detail}`)).toEqual([]);
  }, 300_000);

  it('a request that the storage refuses for what it is blocks no partition: its rows are dead letters, all others count', async () => {
    const rejected = 3;
    const refuse: Judge = (_, step, body) =>
      step === 'write mark' && body.includes(REJECTED) ? { status: 400, code: 'InvalidInput' } : 'pass';
    world.judge = refuse;
    await world.publishRejected(rejected);
    await world.publish(4);
    await world.stack.evaluated(120_000);
    // Refused to the end: a message may be delivered again.
    await world.rest(refuse);
    expect(world.check().problems).toEqual([]);
    const letters = await world.stack.letters();
    expect(new Set(letters.map(({ reason }) => reason))).toEqual(new Set(['state-rejected']));
    // Each event once for every rule whose state would hold the name: by computer, and DCOM or the rows where it is of their kind.
    const byComputer = letters.filter(({ ruleId }) => ruleId?.endsWith('02'));
    expect(byComputer).toHaveLength(rejected);
  }, 300_000);
});

const ROUNDS = KILLS > 20 ? 30 : 4;
const CUTS = KILLS > 20 ? 30 : 1;
/** A process waits half a minute for each. */
const HANGS = KILLS > 20 ? { evaluate: 6, flush: 6 } : { evaluate: 1, flush: 1 };

/** Every kind of fault has met both roles. */
const isComplete = (counts: Counts): boolean =>
  (['evaluate', 'flush'] as const).every(
    (role) =>
      [...STORAGE_FAULTS, 'cut'].every((fault) => counts.of(`${role}: ${fault}`) > 0) &&
      HANG_FAULTS.some((fault) => counts.of(`${role}: ${fault}`) > 0),
  );

function report(hits: Counts, totals: object): void {
  const lines = hits.sorted().map(([step, count]) => `${String(Math.floor(count)).padStart(6)} ${step}`);
  process.stdout.write(
    `processes: ${JSON.stringify(totals)}\n${testSettings.OUTRIDER_KILLS ? `${lines.join('\n')}\n` : ''}`,
  );
}
