import { createEngine, DEFAULTS, type EngineOptions, type EvaluateResult, type LogEvent } from '../../src/engine';
import { StoreUnavailable } from '../../src/state/errors';
import { MemoryStore } from '../../src/state/memory';
import { testPlan } from '../support/world';

const source = { namespace: 'n', hub: 'h', partition: '3', incarnation: 'i' };
const plan = testPlan({ query: 'Event | where EventID == 1 | summarize N = count() by Computer' });

/** Processes that share a store and read one partition in turn. */
class Partition {
  readonly store = new MemoryStore();
  readonly log: LogEvent[] = [];

  process(options: Partial<EngineOptions> = {}) {
    const engine = createEngine({
      ...DEFAULTS,
      plans: [plan],
      store: this.store,
      tables: { state: 'state', alerts: 'alerts', control: 'control' },
      sinks: [],
      deadLetters: { write: async () => undefined },
      mode: 'live',
      log: (event) => void this.log.push(event),
      ...options,
    });
    return (...sequenceNumbers: number[]): Promise<EvaluateResult> => {
      const messages = sequenceNumbers.map((sequenceNumber) => ({ body: '{}', sequenceNumber, enqueuedTime: 0 }));
      return engine.evaluate({ source, messages: messages.map((m) => ({ ...m, body: Buffer.from(m.body) })) });
    };
  }

  get lost(): LogEvent[] {
    return this.log.filter(({ message }) => message === 'messages lost');
  }
}

describe('messages that were never evaluated', () => {
  it('are told once after an outage, also by a process that has just begun', async () => {
    const partition = new Partition();
    await partition.process()(5, 6);
    const next = partition.process();
    expect(await next(10, 11)).toMatchObject({ lost: 3 });
    expect(await next(10, 11)).toMatchObject({ lost: 0 });
    expect(await partition.process()(10, 11, 12)).toMatchObject({ lost: 0 });
    expect(partition.lost).toEqual([
      { level: 'error', message: 'messages lost', hub: 'h', partition: '3', from: 7, to: 9, count: 3 },
    ]);
  });

  it('are told within a batch, beyond what was evaluated before', async () => {
    const partition = new Partition();
    const process = partition.process();
    expect(await process(1, 2, 5)).toMatchObject({ lost: 2 });
    expect(await process(1, 5, 6, 8, 12)).toMatchObject({ lost: 4 });
    expect(partition.lost.map(({ from, to }) => [from, to])).toEqual([
      [3, 4],
      [7, 7],
      [9, 11],
    ]);
  });

  it('are none at the first start, on redelivery, or when another process has moved the partition', async () => {
    const partition = new Partition();
    const [one, other] = [partition.process(), partition.process()];
    for (const result of [
      await one(90, 91),
      await one(91, 92),
      await other(93, 94),
      await one(95),
      await other(95, 96),
    ])
      expect(result.lost).toBe(0);
    expect(partition.lost).toEqual([]);
  });

  it('are none after a crash before the progress was noted, and told again where there is a gap', async () => {
    const partition = new Partition();
    await partition.process()(1);
    const { store } = partition;
    const failing = async (...batch: number[]) => {
      const transact = jest.spyOn(store, 'transact').mockRejectedValue(new StoreUnavailable('gone'));
      await expect(partition.process()(...batch)).rejects.toThrow(StoreUnavailable);
      transact.mockRestore();
    };
    await failing(2, 3);
    expect(await partition.process()(2, 3)).toMatchObject({ lost: 0 });
    expect(partition.lost).toEqual([]);
    await failing(5);
    expect(await partition.process()(5)).toMatchObject({ lost: 1 });
    expect(partition.lost.map(({ from }) => from)).toEqual([4, 4]);
  });

  it('cost no read of the store while a process keeps its partition', async () => {
    const partition = new Partition();
    const process = partition.process();
    await process(1);
    const get = jest.spyOn(partition.store, 'get');
    await process(2, 3);
    await process(3, 4);
    expect(get.mock.calls.filter(([, key]) => key === 'progress')).toEqual([]);
  });

  it.each([{ mode: 'replay' as const }, { notesProgress: false }])('are not looked for with %p', async (options) => {
    const partition = new Partition();
    await partition.process()(1);
    expect(await partition.process(options)(7, 9)).toMatchObject({ lost: 0 });
    expect(partition.lost).toEqual([]);
  });
});
