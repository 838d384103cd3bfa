import type { Fault } from '../support/fault-proxy';
import { testSettings } from '../support/full-stack';
import { type Random, randomOf } from '../support/random';
import { MINUTE } from '../support/stream';
import { type Judge, ProcessWorld, REJECTED, type Role, type Worker } from './process-world';

/**
 * Real processes, killed with SIGKILL at a request to the storage, before or after it was applied: the steps of the protocol are taken in turn, the
 * least hit first. OUTRIDER_KILLS=300 for the long form, OUTRIDER_SEED for another history.
 */
const KILLS = Number(testSettings.OUTRIDER_KILLS ?? 6);
const SEED = Number(testSettings.OUTRIDER_SEED ?? 1);
/** How long a step may not come up before another one is tried. */
const GIVE_UP_MS = 6_000;

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
    if (hit || worker.role !== target.role || step !== target.step || left-- > 0) return 'pass';
    hit = worker;
    return target.side;
  };
  const end = Date.now() + GIVE_UP_MS;
  while (!hit && Date.now() < end) {
    await world.publish(3);
    // A flush has something to do once the partitions have been read.
    if (target.role === 'flush') await world.caughtUp(1_000);
    else await pause(100);
    world.flush();
    if (target.role === 'flush') await Promise.race([world.flushed(), pause(1_000)]);
    else await pause(100);
    await world.moveTo(world.now + (target.role === 'flush' ? 20 : 7) * MINUTE);
  }
  world.judge = () => 'pass';
  if (!hit) return undefined;
  await hit.host.exited;
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
      const hits = new Map<string, number>();
      let kills = 0;
      const started = Date.now();
      // One round without kills, to see the steps there are.
      await world.publish(8);
      await world.stack.evaluated();
      await world.moveTo(world.now + 70 * MINUTE);
      await world.stack.flush();
      for (let tries = 0; kills < KILLS && tries < 3 * KILLS; tries++) {
        const target = nextTarget(world, hits, random);
        const hit = await killAt(world, target, random.below(3));
        // One that did not come up waits for its turn like the others.
        hits.set(keyOf(target), (hits.get(keyOf(target)) ?? 0) + (hit ? 1 : 0.5));
        if (!hit) continue;
        kills++;
        if (random.chance(20)) world.amqp.cut();
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
    const counts = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round++) {
      world.judge = (_, step) => {
        if (!random.chance(12)) return 'pass';
        const fault = random.pick(step.startsWith('write') ? [...READ_FAULTS, ...WRITE_FAULTS] : READ_FAULTS);
        // A precondition is asked of entities only.
        if (typeof fault === 'object' && fault.status === 412 && /checkpoint|body/.test(step)) return 'pass';
        const name = typeof fault === 'object' ? String(fault.status) : fault;
        counts.set(name, (counts.get(name) ?? 0) + 1);
        return fault;
      };
      await world.publish(6);
      await pause(800);
      world.flush();
      await world.moveTo(world.now + 25 * MINUTE);
    }
    // A storm: no commit gets through, however often it is tried.
    let storm = 0;
    world.judge = (worker, step) =>
      worker.role === 'evaluate' && step === 'write mark' && ++storm <= 60 ? CONFLICT : 'pass';
    await world.publish(6);
    await pause(1500);
    await world.rest();
    const { problems } = world.check();
    process.stdout.write(`faults: ${JSON.stringify({ seed: SEED, ...Object.fromEntries(counts), storm })}\n`);
    expect(problems).toEqual([]);
    expect(storm).toBeGreaterThan(10);
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

const READ_FAULTS: readonly Exclude<Fault, { before: unknown } | { after: unknown }>[] = [
  'reset-before',
  'reset-after',
  { status: 500 },
  { status: 503, code: 'ServerBusy' },
  { status: 429, headers: { 'Retry-After': '1' } },
];
const CONFLICT = { status: 412, code: 'UpdateConditionNotSatisfied' } as const;
const WRITE_FAULTS = [CONFLICT];
const ROUNDS = KILLS > 20 ? 30 : 4;

function report(hits: ReadonlyMap<string, number>, totals: object): void {
  const lines = [...hits]
    .map(([step, count]) => `${String(Math.floor(count)).padStart(6)} ${step}`)
    .sort((a, b) => a.slice(7).localeCompare(b.slice(7)));
  process.stdout.write(
    `processes: ${JSON.stringify(totals)}\n${testSettings.OUTRIDER_KILLS ? `${lines.join('\n')}\n` : ''}`,
  );
}
