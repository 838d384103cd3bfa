import { createEngine } from '../../src/engine';
import { lineageOf } from '../../src/engine/activation';
import { readCursors } from '../../src/engine/rule-cursor';
import { storedPlanHashes } from '../../src/engine/stored-plans';
import type { RulePlan } from '../../src/plan/rule-plan';
import { MemoryStore } from '../../src/state/memory';
import { engineOptions } from '../support/engine-options';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan, World } from '../support/world';

const FIRST = testPlan({ query: 'Event | where EventID == 1 | summarize N = count() by Computer' });
const OTHER = testPlan({ query: 'Event | where EventID in (1, 7) | summarize N = count() by Computer' });

type Call = Parameters<NonNullable<MemoryStore['hooks']['before']>>[0];

fakeClock();

/** A rule that was removed two days before is being forgotten by a flush that stands still; the rule comes back meanwhile. */
async function comesBack(isPlace: (call: Call, isSaid: boolean) => boolean) {
  const world = new World();
  world.deploy(FIRST);
  await world.flush(T0);
  await world.event(T0 + MINUTE);
  world.deploy();
  await world.flush(T0 + 2 * MINUTE);
  await world.flush(T0 + 2 * HOUR);
  const at = T0 + 48 * HOUR;
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  let zombie: Promise<void> | undefined;
  const there = new Promise<void>((resolve) => {
    let isSaid = false;
    world.store.hooks.before = async (call) => {
      isSaid ||=
        call.kind === 'transact' &&
        call.operations.some((one) => one.kind === 'replace' && Number(one.properties.kept) > at);
      if (!isPlace(call, isSaid)) return;
      world.store.hooks.before = () => undefined;
      resolve();
      await gate;
    };
    zombie = world.flush(at);
  });
  await there;
  world.deploy(FIRST);
  await world.flush(at + MINUTE);
  return {
    world,
    at,
    async goOn() {
      go();
      await zombie;
    },
  };
}

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

describe('a removed rule', () => {
  it('is not forgotten while events that were read late are to be told, however many panes they are in', async () => {
    const store = new MemoryStore();
    const told = new Set<string>();
    const rule = testPlan({
      query: 'Event | where EventID == 1 | summarize n = count() by Computer',
      frequency: '5m',
      period: '5m',
    });
    const source = { namespace: 'n', hub: 'h', partition: '0' };
    let lastSequenceNumber = -1;
    const engine = (plans: RulePlan[]) =>
      createEngine(
        engineOptions(store, {
          plans,
          hubEnds: async () => [{ source, lastSequenceNumber }],
          sinks: [
            {
              name: 's',
              send: async (list) => {
                for (const { WindowEnd } of list as unknown as { WindowEnd: string }[]) told.add(WindowEnd);
                return { failed: [] };
              },
            },
          ],
        }),
      );
    const flush = (plans: RulePlan[], at: number) => {
      jest.setSystemTime(at);
      return engine(plans).flush(at);
    };
    const evaluate = (plans: RulePlan[], at: number, enqueuedTime: number, times: readonly number[]) => {
      jest.setSystemTime(at);
      const messages = times.map((time) => ({
        body: Buffer.from(
          JSON.stringify({ Type: 'Event', TimeGenerated: new Date(time).toISOString(), Computer: 'A', EventID: 1 }),
        ),
        sequenceNumber: ++lastSequenceNumber,
        enqueuedTime,
      }));
      return engine(plans).evaluate({ source, messages });
    };
    await flush([rule], T0);
    await evaluate([rule], T0 + MINUTE, T0 + MINUTE, [T0 + 30_000]);
    for (let t = T0 + 5 * MINUTE; t <= T0 + 20 * HOUR; t += 5 * MINUTE) await flush([rule], t + 5 * MINUTE + 30_000);
    told.clear();
    const removed = T0 + 20 * HOUR + 6 * MINUTE;
    for (let k = 0; k < 6; k++) await flush([], removed + k * 5 * MINUTE);
    // Taken in by the hub in time, and evaluated two days later: 19 hours of a machine's events.
    const times = Array.from({ length: 228 }, (_, i) => T0 + HOUR + i * 5 * MINUTE + 1000);
    const back = removed + 48 * HOUR;
    await evaluate([], back, removed + 2 * MINUTE, times);
    for (let k = 1; k <= 30; k++) await flush([], back + k * MINUTE);
    expect(told.size).toBe(228);
    expect(store.dump('control').filter(({ partitionKey }) => partitionKey.startsWith('late.'))).toEqual([]);
    expect(store.dump('state')).toEqual([]);
  });
});

describe('a rule that comes back while it is being forgotten', () => {
  it.each<[string, (call: Call) => boolean]>([
    ['reads what is to go', (call) => call.kind === 'page'],
    ['deletes it', (call) => call.kind === 'transact' && call.operations[0]!.kind === 'delete'],
  ])('keeps what is counted from then on, where the deletion stands still as it %s', async (_, isStep) => {
    const { world, at, goOn } = await comesBack((call, isSaid) => isSaid && call.table === 'state' && isStep(call));
    for (let minute = 5; minute < 6 * 60; minute += 5) {
      await world.event(at + minute * MINUTE);
      await world.flush(at + minute * MINUTE);
      // In the middle of the window that ends at 05:00.
      if (minute === 4.5 * 60) await goOn();
    }
    const [window] = world.alerts.filter(({ WindowEnd }) => WindowEnd.startsWith(iso(at + 5 * HOUR)));
    expect(window).toMatchObject({ Incomplete: false, Results: [{ N: 12 }] });
  });

  it('keeps its plan until its windows have run', async () => {
    const isPlan = (call: Call): boolean =>
      call.kind === 'page' && call.table === 'control' && call.range.partitionFrom.startsWith('plan.');
    const { world, at, goOn } = await comesBack(isPlan);
    await goOn();
    expect((await readCursors(world.store, 'control')).map(({ lineage, ownsUntil }) => [lineage, ownsUntil])).toEqual([
      [lineageOf(FIRST), 0],
    ]);
    await world.flush(at + 30 * MINUTE);
    expect((await storedPlanHashes(world.store, 'control')).get(lineageOf(FIRST))).toBe(FIRST.hash);
    world.deploy(OTHER);
    await world.flush(at + 6 * HOUR + 10 * MINUTE);
    await world.event(at + 6 * HOUR + 20 * MINUTE);
    for (let hour = 7; hour < 14; hour++) await world.flush(at + hour * HOUR + 10 * MINUTE);
    expect(world.results().slice(1)).toEqual([`${iso(at + 7 * HOUR)} r1 {"Computer":"A","N":1}`]);
  });
});
