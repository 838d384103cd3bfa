import { isDeepStrictEqual } from 'node:util';
import { type BatchWatch, createEngine, type Engine, type UnevaluatedRecord } from '../../src/engine';
import { UNWATCHED } from '../../src/engine/batch-watch';
import { MOST_REQUESTS } from '../../src/engine/most-requests';
import { StoreRejected, StoreUnavailable } from '../../src/state/errors';
import { MemoryStore, type StoreCall } from '../../src/state/memory';
import type { Operation } from '../../src/state/store';
import { ClockedStore } from '../support/clocked-store';
import { engineOptions } from '../support/engine-options';
import { fakeClock } from '../support/fake-clock';
import { randomOf } from '../support/random';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

fakeClock();

const RULES = 6;
/** A rule that counts every event and shares its state with no other. */
const countAll = (n: number) =>
  testPlan({
    id: `11111111-2222-4333-8444-${String(n).padStart(12, '0')}`,
    query: `Event | where EventID != ${1_000 + n} | summarize n = count() by Computer`,
  });
const plans = Array.from({ length: RULES }, (_, n) => countAll(n));

const batchOf = (first: number, events: readonly (readonly [at: number, computer?: string])[], partition = '0') => ({
  source: { namespace: 'n', hub: 'h', partition },
  messages: events.map(([at, Computer = 'A'], i) => ({
    sequenceNumber: first + i,
    enqueuedTime: T0 + 2 * MINUTE,
    body: Buffer.from(
      JSON.stringify({ Type: 'Event', TimeGenerated: new Date(at).toISOString(), Computer, EventID: 1 }),
    ),
  })),
});

const kindOf = (call: StoreCall): string => {
  const verb = call.kind === 'transact' ? 'write' : 'read';
  if (call.table === 'state') return `${verb} state`;
  const partition = call.kind === 'page' ? call.range.partitionFrom : call.partitionKey;
  return `${verb} ${partition.split('.')[0]!.replace('rule', 'cursor')}`;
};

/** What an action asks of a store, by kind. */
async function requests(store: MemoryStore, action: () => Promise<unknown>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  store.hooks = {
    before: (call) => {
      counts[kindOf(call)] = (counts[kindOf(call)] ?? 0) + 1;
    },
  };
  await action();
  store.hooks = {};
  return counts;
}

/** Values of the state by place, without ETags. */
const stateOf = (store: MemoryStore) =>
  store.dump('state').map(({ partitionKey, rowKey, properties }) => [partitionKey, rowKey, properties]);
const seqOf = (mark: Operation): unknown => mark.kind !== 'delete' && mark.properties.seq;
const progressOf = (store: MemoryStore) =>
  store.dump('control').find(({ partitionKey }) => partitionKey === 'progress')?.properties.seq;

beforeEach(() => jest.setSystemTime(T0 + 2 * MINUTE));

describe('what a batch asks of the store', () => {
  const here = T0 + MINUTE;
  const hourAgo = T0 - HOUR + MINUTE;
  const warm = async (store: MemoryStore): Promise<Engine> => {
    const engine = createEngine(engineOptions(store, { plans }));
    await engine.evaluate(batchOf(0, [[here]], 'other'));
    await engine.evaluate(batchOf(0, []));
    return engine;
  };

  it('costs one transaction for each rule and pane, one for progress, and reads only what may have changed', async () => {
    const store = new ClockedStore();
    store.now = T0 + 2 * MINUTE;
    const engine = await warm(store);
    const both = [[here], [hourAgo]] as const;
    const first = await requests(store, () => engine.evaluate(batchOf(1, both)));
    // The panes are new to the process, and so is the partition; the windows over the older one may be closing.
    expect(first).toEqual({
      'read state': 2 * RULES,
      'write state': 2 * RULES,
      'read cursor': RULES,
      'read progress': 1,
      'write progress': 1,
    });
    const second = await requests(store, () => engine.evaluate(batchOf(3, both)));
    expect(second).toEqual({ 'write state': 2 * RULES, 'read cursor': RULES, 'write progress': 1 });
    const open = await requests(store, () => engine.evaluate(batchOf(5, [[here], [here, 'B'], [here, 'C']])));
    expect(open).toEqual({ 'write state': RULES, 'write progress': 1 });
    const nothing = await requests(store, () => engine.evaluate(batchOf(8, [])));
    expect(nothing).toEqual({});
  });

  it('reads the cursors of the rules with matches where the store has no clock', async () => {
    const store = new MemoryStore();
    const engine = await warm(store);
    await engine.evaluate(batchOf(1, [[here]]));
    const again = await requests(store, () => engine.evaluate(batchOf(2, [[here]])));
    expect(again).toEqual({ 'write state': RULES, 'read cursor': RULES, 'write progress': 1 });
  });

  it('reads the cursors also for rows that were counted before: who counted them may have died before it looked', async () => {
    const store = new ClockedStore();
    store.now = T0 + 2 * MINUTE;
    const engine = await warm(store);
    const batch = batchOf(1, [[here]]);
    await engine.evaluate(batch);
    expect(await requests(store, () => engine.evaluate(batch))).toEqual({ 'read cursor': RULES });
  });

  it('has no more requests under way than it may, over all partitions', async () => {
    const many = Array.from({ length: 40 }, (_, n) => countAll(100 + n));
    const store = new MemoryStore();
    const engine = createEngine(engineOptions(store, { plans: many }));
    await engine.evaluate(batchOf(0, []));
    let running = 0;
    let most = 0;
    store.hooks = {
      before: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
      },
    };
    await Promise.all(['1', '2', '3'].map((partition) => engine.evaluate(batchOf(1, [[here], [hourAgo]], partition))));
    expect(most).toBe(MOST_REQUESTS);
  });

  it('counts into one state partition at a time where each attempt is noted', async () => {
    const store = new MemoryStore();
    const engine = createEngine(engineOptions(store, { plans }));
    await engine.evaluate(batchOf(0, []));
    const asked: string[] = [];
    const order: string[] = [];
    store.hooks = {
      before: (call) => {
        if (call.table === 'state' && call.kind !== 'page') order.push(call.partitionKey);
      },
    };
    const watch: BatchWatch = {
      ...UNWATCHED,
      isOneByOne: true,
      mayCount: async (partition) => {
        asked.push(partition);
        order.push('asked');
        return true;
      },
    };
    await engine.evaluate(batchOf(1, [[here], [hourAgo]]), watch);
    expect(order).toEqual(asked.flatMap((partition) => ['asked', partition, partition]));
    expect(asked).toHaveLength(2 * RULES);
  });
});

describe('what goes wrong with one of many commits', () => {
  const events = Array.from({ length: 12 }, (_, i) => [T0 - (i % 3) * HOUR + MINUTE, `host ${i % 4}`] as const);
  const before = batchOf(1, events.slice(0, 4));
  const batch = batchOf(5, events);
  /** Answers come in any order. */
  const turns = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
  };

  async function counted(): Promise<unknown[]> {
    const store = new MemoryStore();
    const engine = createEngine(engineOptions(store, { plans }));
    await engine.evaluate(before);
    await engine.evaluate(batch);
    return stateOf(store);
  }

  it.each(['before', 'after'] as const)(
    'an outage %s it is applied: all others end, nothing goes on, the batch comes again',
    async (when) => {
      const want = await counted();
      for (let at = 1; at <= 3 * RULES; at += 2) {
        const random = randomOf(at);
        const store = new MemoryStore();
        const engine = createEngine(engineOptions(store, { plans }));
        await engine.evaluate(before);
        let writes = 0;
        let running = 0;
        const slow = async (call: StoreCall): Promise<void> => {
          running++;
          await turns(random.below(6));
          running--;
          if (call.kind === 'transact' && call.table === 'state' && ++writes === at) throw new StoreUnavailable('busy');
        };
        store.hooks = { [when]: slow };
        await expect(engine.evaluate(batch)).rejects.toBeInstanceOf(StoreUnavailable);
        expect(running).toBe(0);
        const left = stateOf(store);
        await turns(20);
        expect(stateOf(store)).toEqual(left);
        expect(progressOf(store)).toBe(4n);
        store.hooks = {};
        // By this process, which knows some of the marks, or by another.
        const next = at % 4 === 1 ? engine : createEngine(engineOptions(store, { plans }));
        const { redelivered, matches } = await next.evaluate(batch);
        expect(matches).toBe(12 * RULES);
        expect(redelivered > 0).toBe(writes > 1 || when === 'after');
        expect(stateOf(store)).toEqual(want);
        expect(progressOf(store)).toBe(16n);
      }
    },
  );

  it('a process that is killed at any step: another counts the rest, and progress never says more than is there', async () => {
    const want = await counted();
    let kills = 0;
    let partly = 0;
    for (let at = 0; ; at++) {
      const random = randomOf(at);
      const store = new MemoryStore();
      const dying = createEngine(engineOptions(store, { plans }));
      await dying.evaluate(before);
      const start = stateOf(store);
      let steps = 0;
      const die = async (): Promise<void> => {
        await turns(random.below(6));
        if (steps++ >= at) throw new StoreUnavailable('killed');
      };
      store.hooks = at % 2 === 0 ? { before: die } : { after: die };
      const isDead = await dying.evaluate(batch).then(
        () => false,
        () => true,
      );
      store.hooks = {};
      if (!isDead) break;
      kills++;
      const found = stateOf(store);
      if (progressOf(store) !== 4n) expect(found).toEqual(want);
      const isPartly = !isDeepStrictEqual(found, start) && !isDeepStrictEqual(found, want);
      if (isPartly) partly++;
      await createEngine(engineOptions(store, { plans })).evaluate(batch);
      expect(stateOf(store)).toEqual(want);
    }
    expect(kills).toBeGreaterThan(3 * RULES);
    expect(partly).toBeGreaterThan(RULES);
  });

  it('rows that one rule cannot count have their letters before what follows them, and the others are not held up', async () => {
    const store = new MemoryStore();
    const log: string[] = [];
    const bad = plans[2]!.stream.legs[0]!.hash;
    const letters: UnevaluatedRecord[] = [];
    const write = async (list: readonly UnevaluatedRecord[]): Promise<void> => {
      await turns(3);
      letters.push(...list);
      log.push(...list.map(({ sequenceNumber }) => `letter ${sequenceNumber}`));
    };
    const engine = createEngine(engineOptions(store, { plans, deadLetters: { write } }));
    await engine.evaluate(batchOf(0, []));
    store.hooks = {
      before: async (call) => {
        await turns(1);
        if (call.kind !== 'transact') return;
        const holds = JSON.stringify(call.operations.map((o) => (o.kind === 'delete' ? '' : o.properties.v))).includes(
          'evil',
        );
        if (call.table === 'state' && call.partitionKey.startsWith(bad) && holds)
          throw new StoreRejected('no', 400, 'InvalidInput');
      },
      after: (call) => {
        if (call.kind !== 'transact') return;
        if (call.table !== 'state') log.push(`wrote ${kindOf(call)}`);
        else if (call.partitionKey.startsWith(bad)) log.push(`mark ${seqOf(call.operations[0]!)}`);
      },
    };
    const result = await engine.evaluate(
      batchOf(1, [
        [T0 + MINUTE, 'a'],
        [T0 + MINUTE, 'evil'],
        [T0 + MINUTE, 'b'],
      ]),
    );
    expect(result).toMatchObject({ matches: 3 * RULES, deadLetters: 1, redelivered: 0 });
    const letter = log.indexOf('letter 2');
    expect(log.slice(0, letter)).toEqual(['mark 1']);
    expect(log.slice(letter)).toContain('mark 3');
    expect(log.at(-1)).toBe('wrote write progress');
    expect(letters).toMatchObject([{ ruleId: plans[2]!.rule.id, reason: 'state-rejected', countedLegs: [] }]);
    expect(store.dump('state').filter(({ rowKey }) => rowKey.startsWith('g'))).toHaveLength(3 * RULES - 1);
  });

  it('legs of one rule that fail on one record at the same time write its letter one after another, and the last says all', async () => {
    const store = new MemoryStore();
    const plan = testPlan({
      query:
        'Event | where EventID == 1 | summarize n = count() by Computer | join kind=inner (Event | where EventID < 9 | summarize m = count() by Computer) on Computer',
    });
    expect(plan.stream.legs).toHaveLength(2);
    const written: (readonly string[])[] = [];
    let writing = 0;
    const write = async (list: readonly UnevaluatedRecord[]): Promise<void> => {
      expect(++writing).toBe(1);
      await turns(3);
      writing--;
      written.push(list.flatMap(({ countedLegs }) => countedLegs ?? []));
    };
    const engine = createEngine(engineOptions(store, { plans: [plan], deadLetters: { write } }));
    store.hooks = {
      before: (call) => {
        if (call.kind === 'transact' && call.table === 'state') throw new StoreRejected('no', 400, 'InvalidInput');
      },
    };
    const result = await engine.evaluate(batchOf(1, [[T0 + MINUTE]]));
    expect(result).toMatchObject({ matches: 2, deadLetters: 1 });
    expect(written.at(-1)).toEqual([]);
    expect(stateOf(store)).toEqual([]);
  });
});

describe('a window that may be closing while rows are counted', () => {
  const plan = countAll(0);
  const sent: { Results: { n: number }[] }[] = [];
  const sinks = [
    {
      name: 's',
      send: async (alerts: readonly object[]) => {
        sent.push(...(alerts as typeof sent));
        return { failed: [] };
      },
    },
  ];
  beforeEach(() => sent.splice(0));

  it('is noted where a flush, by a clock as far ahead as it may be, has read the state before', async () => {
    const store = new ClockedStore();
    const options = engineOptions(store, { plans: [plan], sinks, graceMs: 0 });
    const [evaluator, flusher] = [createEngine(options), createEngine(options)];
    store.now = T0 - HOUR;
    await flusher.flush(T0 - HOUR);
    store.now = T0 + MINUTE;
    await evaluator.evaluate(batchOf(1, [[T0 + MINUTE]]));
    store.now = T0 + HOUR - 55_000;
    let reached = (): void => undefined;
    let release = (): void => undefined;
    const isHeld = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const go = new Promise<void>((resolve) => {
      release = resolve;
    });
    store.hooks = {
      before: async (call) => {
        if (call.kind !== 'transact' || call.table !== 'alerts') return;
        reached();
        await go;
      },
    };
    const slow = flusher.flush(T0 + HOUR + 4_000);
    await isHeld;
    await evaluator.evaluate(batchOf(2, [[T0 + 2 * MINUTE]]));
    release();
    await slow;
    store.hooks = {};
    expect(sent.map(({ Results }) => Results[0]!.n)).toEqual([1]);
    store.now = T0 + HOUR + MINUTE;
    await createEngine(options).flush(T0 + HOUR + MINUTE);
    expect(sent.map(({ Results }) => Results[0]!.n)).toEqual([1, 2]);
  });
});
