import { createEngine, type LogEvent, type UnevaluatedRecord } from '../../src/engine';
import { StoreRejected, StoreUnavailable } from '../../src/state/errors';
import { MemoryStore } from '../../src/state/memory';
import { LegRunner } from '../../src/streaming/leg-runner';
import { engineOptions } from '../support/engine-options';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

const QUERY = 'Event | where EventID == 1 | summarize N = count() by Computer';
const OTHER = {
  query: 'Event | where EventID > 0 | summarize N = count()',
  id: '22222222-2222-4333-8444-555555555555',
};

/** `first`: the sequence number of the first message that is sent. */
function setup(store = new MemoryStore(), first = 0) {
  const letters: UnevaluatedRecord[] = [];
  const log: LogEvent[] = [];
  const plans = [testPlan({ query: QUERY }), testPlan(OTHER)];
  const engine = createEngine(
    engineOptions(store, {
      plans,
      deadLetters: { write: async (list) => void letters.push(...list) },
      log: (event) => log.push(event),
    }),
  );
  const send = (...computers: string[]) =>
    engine.evaluate({
      source: { namespace: 'n', hub: 'h', partition: '0' },
      messages: computers.map((Computer, sequenceNumber) => ({
        body: Buffer.from(
          JSON.stringify({ Type: 'Event', TimeGenerated: new Date(T0).toISOString(), Computer, EventID: 1 }),
        ),
        sequenceNumber: first + sequenceNumber,
        enqueuedTime: T0,
      })),
    });
  return { store, letters, log, plans, engine, send };
}

afterEach(() => jest.restoreAllMocks());

describe('an error that is not the store’s', () => {
  it('in a row stage is the event’s, told once, and the batch goes on', async () => {
    const { letters, log, plans, send } = setup();
    const { survivorsFrom } = LegRunner.prototype;
    jest.spyOn(LegRunner.prototype, 'survivorsFrom').mockImplementation(function (this: LegRunner, event, starts) {
      if (event.fields.Computer === 'BAD' && this.leg.group?.by.length === 1)
        throw new RangeError('Invalid string length');
      return survivorsFrom.call(this, event, starts);
    });
    const result = await send('A', 'BAD', 'BAD', 'B');
    expect(result).toMatchObject({ matches: 6, deadLetters: 2, faults: 2 });
    expect(letters).toMatchObject([
      { sequenceNumber: 1, reason: 'rule-failed', detail: 'Invalid string length', ruleId: plans[0]!.rule.id },
      { sequenceNumber: 2, reason: 'rule-failed' },
    ]);
    expect(log).toEqual([
      expect.objectContaining({
        level: 'error',
        message: 'rule fault',
        rule: plans[0]!.rule.id,
        kind: 'RangeError',
        count: 2,
      }),
    ]);
  });

  it('while a group is folded costs that event alone', async () => {
    const { letters, send } = setup();
    const { fold } = LegRunner.prototype;
    jest.spyOn(LegRunner.prototype, 'fold').mockImplementation(function (this: LegRunner, stored, survivors) {
      if (survivors.some(({ row }) => row.includes('BAD'))) throw new RangeError('Invalid string length');
      return fold.call(this, stored, survivors);
    });
    const result = await send('A', 'BAD', 'B', 'C');
    expect(result).toMatchObject({ faults: 1, deadLetters: 1 });
    expect(letters).toMatchObject([{ sequenceNumber: 1, reason: 'rule-failed' }]);
  });

  it('is not one of the store that stands for something else', async () => {
    for (const error of [new StoreUnavailable('away'), new StoreRejected('no', 403, 'Forbidden')]) {
      const { store, letters, send } = setup();
      store.hooks = {
        before: (call) => {
          if (call.kind === 'transact' && call.table === 'state') throw error;
        },
      };
      await expect(send('A')).rejects.toBe(error);
      expect(letters).toEqual([]);
    }
  });

  it('is what is stored of a group and cannot be read: the events of that group alone go to dead letters', async () => {
    const { store, send } = setup();
    await send('A', 'B');
    const group = store.dump('state').find(({ properties }) => String(properties.v).includes('A'))!;
    const torn = { enc: 's', ver: 'x', n: 1, len: 3, sha: 'y' };
    await store.transact('state', group.partitionKey, [{ kind: 'delete', rowKey: group.rowKey, ifMatch: '*' }]);
    await store.transact('state', group.partitionKey, [{ kind: 'create', rowKey: group.rowKey, properties: torn }]);
    // Another process, which knows no groups.
    const { letters, send: sendOn } = setup(store, 2);
    expect(await sendOn('B', 'A', 'B')).toMatchObject({ deadLetters: 1 });
    expect(letters.map(({ reason, body }) => [reason, String(body).includes('"A"')])).toEqual([['rule-failed', true]]);
  });
});

describe('a window whose groups are too much text', () => {
  it('fails and says so, and the others run', async () => {
    const store = new MemoryStore();
    const log: LogEvent[] = [];
    const plans = [testPlan({ query: QUERY }), testPlan(OTHER)];
    const engine = createEngine(
      engineOptions(store, { plans, log: (event) => log.push(event), maxTextPerWindow: 2_000 }),
    );
    jest.useFakeTimers({ now: T0, doNotFake: ['nextTick', 'setImmediate', 'setTimeout'] });
    await engine.flush(T0);
    const send = (sequenceNumber: number, Computer: string) =>
      engine.evaluate({
        source: { namespace: 'n', hub: 'h', partition: '0' },
        messages: [
          {
            body: Buffer.from(
              JSON.stringify({
                Type: 'Event',
                TimeGenerated: new Date(T0 + MINUTE).toISOString(),
                Computer,
                EventID: 1,
              }),
            ),
            sequenceNumber,
            enqueuedTime: T0 + MINUTE,
          },
        ],
      });
    for (let i = 0; i < 20; i++) await send(i, `${'x'.repeat(200)}${i}`);
    jest.setSystemTime(T0 + HOUR + 10 * MINUTE);
    expect(await engine.flush(T0 + HOUR + 10 * MINUTE)).toMatchObject({ failed: 1 });
    expect(log).toEqual([
      expect.objectContaining({
        message: 'window failed',
        reason: expect.stringContaining('more than 2000 characters'),
      }),
    ]);
    jest.useRealTimers();
  });
});
