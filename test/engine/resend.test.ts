import type { DeadLetter } from '../../src/deadletters/record';
import { type EngineOptions, Resender } from '../../src/engine';
import { writeHeartbeat } from '../../src/engine/heartbeat';
import { StoreRejected, StoreUnavailable } from '../../src/state/errors';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';
import { A, B, counting, Desk, event, picky } from './letter-desk';

jest.setTimeout(60_000);

beforeEach(() => jest.useFakeTimers({ now: T0, doNotFake: ['nextTick', 'setImmediate'] }));
afterEach(() => jest.useRealTimers());

describe('a dead letter of one rule', () => {
  it('is counted by that rule alone, once, and removed', async () => {
    const desk = new Desk('replay');
    await desk.send([picky(A), counting(B)], [event(T0, 1), event(T0, 9), event(T0, 2)], T0);
    const [letter, ...others] = await desk.list();
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ reason: 'rule-failed', ruleId: A, record: 0, sequenceNumber: 1 });
    const mended = [counting(A, 'EventID < 100'), counting(B)];
    await desk.send(mended.slice(0, 1), [event(T0, 1), event(T0, 2)], T0);
    expect(await desk.resend(mended, letter!.id)).toMatchObject({ outcome: 'counted', matches: 1, corrects: true });
    expect(await desk.list()).toEqual([]);
    expect(await desk.resend(mended, letter!.id)).toBeUndefined();
    await desk.flush(mended, T0);
    expect(desk.last(A)).toEqual([expect.stringMatching(/"n":3/)]);
    expect(desk.last(B)).toEqual([expect.stringMatching(/"n":3,"ids":\[1,9,2\]|"n":3/)]);
  });

  it('stays while the rule fails, and where the rule is gone', async () => {
    const desk = new Desk('replay');
    await desk.send([picky(A)], [event(T0, 9)], T0);
    const [letter] = await desk.list();
    expect(await desk.resend([picky(A)], letter!.id)).toMatchObject({ outcome: 'failed' });
    expect(await desk.resend([counting(B)], letter!.id)).toMatchObject({ outcome: 'refused' });
    expect(await desk.list()).toHaveLength(1);
    // Its place is held, and nothing is counted.
    expect(desk.store.dump('state').map(({ rowKey }) => rowKey[0])).toEqual(['!', '!']);
  });

  it('is not counted by a leg that has counted it', async () => {
    const query = (condition: string) =>
      `Event | where EventID > 0 | summarize n = count() by Computer | join kind=inner (Event | where ${condition} | summarize m = count() by Computer) on Computer`;
    const desk = new Desk('replay');
    const failing = testPlan({ id: A, query: query('assert(EventID != 9, "no")') });
    await desk.send([failing], [event(T0, 9), event(T0, 1)], T0);
    const [letter] = await desk.list();
    expect(letter!.countedLegs).toHaveLength(1);
    const mended = testPlan({ id: A, query: query('EventID >= 1') });
    await desk.send([mended], [event(T0, 1)], T0);
    expect(await desk.resend([mended], letter!.id)).toMatchObject({ outcome: 'counted', matches: 1 });
    await desk.flush([mended], T0);
    // The first leg: 9 and 1 of the old plan, 1 of the new one; the second: 1 of the new one, and 9 by resending.
    expect(desk.alerts.at(-1)!.Results).toEqual([expect.objectContaining({ n: 3, m: 2 })]);
  });

  it('of a leg that two rules share is counted once for both', async () => {
    const desk = new Desk('replay');
    await desk.send([picky(A), picky(B)], [event(T0, 9)], T0);
    const letters = await desk.list();
    expect(letters.map(({ ruleId }) => ruleId).sort()).toEqual([A, B]);
    const mended = [counting(A, 'EventID < 100'), counting(B, 'EventID < 100')];
    const outcomes = [];
    for (const { id } of letters) outcomes.push((await desk.resend(mended, id))!.outcome);
    expect(outcomes).toEqual(['counted', 'counted-before']);
    await desk.flush(mended, T0);
    expect(desk.last(A)).toEqual(['r1 [{"Computer":"A","n":1,"ids":[9]}]']);
    expect(desk.last(B)).toEqual(['r1 [{"Computer":"A","n":1,"ids":[9]}]']);
  });
});

describe('a dead letter of a record', () => {
  it('is evaluated by every rule; rules that fail get letters of their own', async () => {
    const desk = new Desk('replay');
    const broken: DeadLetter = {
      ...{ source: 'n/h', partition: '3', sequenceNumber: 77, record: 4, enqueuedTime: T0 },
      ...{ reason: 'unknown-shape', detail: 'd', storedAt: T0, body: JSON.stringify(event(T0, 9)) },
    };
    await desk.letters.write([broken]);
    const [letter] = await desk.list();
    expect(await desk.resend([picky(A), counting(B)], letter!.id)).toMatchObject({ outcome: 'partly', matches: 1 });
    const [left, ...none] = await desk.list();
    expect(none).toEqual([]);
    expect(left).toMatchObject({ ruleId: A, partition: '3', sequenceNumber: 77, record: 4, reason: 'rule-failed' });
    const mended = [counting(A, 'EventID < 100'), counting(B)];
    expect(await desk.resend(mended, left!.id)).toMatchObject({ outcome: 'counted', matches: 1 });
    await desk.flush(mended, T0);
    expect(desk.last(A)).toEqual(['r1 [{"Computer":"A","n":1,"ids":[9]}]']);
    expect(desk.last(B)).toEqual(['r1 [{"Computer":"A","n":1,"ids":[9]}]']);
  });

  it('stays while it is no row; is removed where no rule wants it', async () => {
    const desk = new Desk('replay');
    await desk.send([counting(A)], ['{"Type":"Event", cut', event(T0)], T0);
    const [letter] = await desk.list();
    expect(await desk.resend([counting(A)], letter!.id)).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('invalid-json'),
    });
    await desk.letters.write([
      { ...letter!, storedAt: T0, reason: 'unknown-shape', body: JSON.stringify(event(T0)), record: 5 },
    ]);
    const id = (await desk.list()).find(({ record }) => record === 5)!.id;
    expect(await desk.resend([counting(A, 'EventID == 4')], id)).toMatchObject({ outcome: 'no-match' });
    expect(await desk.list()).toHaveLength(1);
  });

  it('keeps whole numbers exact, and its table, on the way through a letter', async () => {
    const desk = new Desk('replay');
    const plan = testPlan({
      id: A,
      query:
        'Event | where assert(Computer != "A", "no") | extend big = tolong(column_ifexists("Big", 1)) | summarize n = count() by Computer',
    });
    const text = JSON.stringify(event(T0)).replace(
      '{',
      '{"Big":12345678901234567890,"Deep":{"n":[9223372036854775807]},',
    );
    await desk.send([plan], [text], T0);
    const [letter] = await desk.list();
    const { body } = (await desk.letters.get(letter!.id))!;
    expect(body).toContain('"Big":12345678901234567890');
    expect(body).toContain('[9223372036854775807]');
    expect(String(body).startsWith('{"Type":"Event"')).toBe(true);
  });

  it('that is a whole message, of which it is not known what was counted, is refused', async () => {
    const desk = new Desk('replay');
    const letter = { source: 'n/h', partition: '0', sequenceNumber: 1, record: 0, enqueuedTime: T0, detail: '' };
    const body = JSON.stringify([event(T0), event(T0, 2)]);
    await desk.letters.write([{ ...letter, reason: 'too-large', storedAt: T0, body, isWholeMessage: true }]);
    const [whole] = await desk.list();
    expect(await desk.resend([counting(A)], whole!.id)).toMatchObject({ outcome: 'refused' });
  });
});

describe('killed anywhere', () => {
  it('a resent letter counts once', async () => {
    const plans = [counting(A)];
    let steps = 0;
    for (const when of ['before', 'after'] as const) {
      let wasKilled = true;
      for (let killAt = 0; wasKilled; killAt++) {
        const desk = new Desk('replay');
        await desk.letters.write([
          {
            ...{ source: 'n/h', partition: '0', sequenceNumber: 1, record: 0, enqueuedTime: T0 },
            ...{ reason: 'unknown-shape', detail: '', storedAt: T0, body: JSON.stringify(event(T0)) },
          },
        ]);
        const [letter] = await desk.list();
        let step = 0;
        desk.store.hooks = {
          [when]: () => {
            if (step++ === killAt) throw new StoreUnavailable('killed');
          },
        };
        await desk.resend(plans, letter!.id).catch((error: unknown) => {
          if (!(error instanceof StoreUnavailable)) throw error;
        });
        wasKilled = step > killAt;
        steps += wasKilled ? 1 : 0;
        desk.store.hooks = {};
        const again = await desk.resend(plans, letter!.id);
        expect(['counted', 'counted-before', undefined]).toContain(again?.outcome);
        expect(await desk.list()).toEqual([]);
        await desk.flush(plans, T0);
        expect(desk.last(A)).toEqual(['r1 [{"Computer":"A","n":1,"ids":[1]}]']);
      }
    }
    expect(steps).toBeGreaterThan(10);
  });

  it('what the store refuses becomes a letter of the rules concerned', async () => {
    const desk = new Desk('replay');
    desk.store.hooks = {
      before(call) {
        if (call.kind === 'transact' && call.table === 'state') throw new StoreRejected('no', 400, 'InvalidInput');
      },
    };
    await desk.send([counting(A)], [[event(T0), event(T0, 2)]], T0);
    const letters = await desk.list();
    expect(letters.map(({ reason, record, ruleId }) => [reason, record, ruleId])).toEqual([
      ['state-rejected', 0, A],
      ['state-rejected', 1, A],
    ]);
    expect(await desk.resend([counting(A)], letters[0]!.id)).toMatchObject({ outcome: 'failed' });
    desk.store.hooks = {};
    for (const { id } of letters) expect((await desk.resend([counting(A)], id))!.outcome).toBe('counted');
    await desk.flush([counting(A)], T0);
    expect(desk.last(A)).toEqual([expect.stringContaining('"n":2')]);
  });
});

describe('late and early', () => {
  const bounds = { maxLateMs: 3 * HOUR, graceMs: 5 * MINUTE };
  const plans = [counting(A)];

  /** A deployment with windows run up to `hours`, and an event that came too late for the bound of the time. */
  async function running(hours: number, more: Partial<EngineOptions> = {}): Promise<Desk> {
    const desk = new Desk('live', { ...bounds, ...more });
    for (let hour = 0; hour <= hours; hour++) {
      const now = T0 + hour * HOUR + 10 * MINUTE;
      jest.setSystemTime(now);
      await desk.flush(plans, now);
      await desk.send(plans, [event(now, 1)], now);
    }
    return desk;
  }

  it('a letter that is too late is counted only when that is asked for, and corrects its window', async () => {
    const desk = await running(3, { maxLateMs: 2 * HOUR });
    const now = T0 + 3 * HOUR + 11 * MINUTE;
    const early = T0 + 65 * MINUTE;
    await desk.send(plans, [event(early, 7)], now);
    const [letter] = await desk.list();
    expect(letter).toMatchObject({ reason: 'too-late' });
    expect(await desk.resend(plans, letter!.id, now)).toMatchObject({ outcome: 'failed' });
    const before = desk.alerts.length;
    // Its state is kept a little longer than events may be late.
    expect(await desk.resend(plans, letter!.id, now, { acceptLate: true, dryRun: true })).toMatchObject({
      outcome: 'counted',
      corrects: true,
    });
    expect(await desk.list()).toHaveLength(1);
    expect(await desk.resend(plans, letter!.id, now, { acceptLate: true })).toMatchObject({
      outcome: 'counted',
      corrects: true,
    });
    await desk.flush(plans, now + MINUTE);
    expect(desk.alerts.slice(before)).toEqual([
      expect.objectContaining({ Revision: 2, Results: [expect.objectContaining({ n: 2 })] }),
    ]);
  });

  it('an expired pane is not created again', async () => {
    const desk = await running(9);
    const now = T0 + 9 * HOUR + 20 * MINUTE;
    await desk.send(plans, [event(T0 + 30 * MINUTE, 7)], now);
    const [letter] = await desk.list();
    const state = desk.store.dump('state').length;
    expect(await desk.resend(plans, letter!.id, now, { acceptLate: true })).toMatchObject({
      outcome: 'refused',
      detail: expect.stringContaining('has expired'),
    });
    expect(desk.store.dump('state')).toHaveLength(state);
    expect(await desk.list()).toHaveLength(1);
  });

  it('a bound that was raised after the state had expired does not bring it back', async () => {
    const desk = await running(9);
    const now = T0 + 9 * HOUR + 20 * MINUTE;
    await writeHeartbeat(desk.store, 'control', now - 2 * MINUTE, 3 * HOUR);
    await writeHeartbeat(desk.store, 'control', now - MINUTE, 24 * HOUR);
    await desk.send(plans, [event(T0 + 30 * MINUTE, 7)], now);
    const [letter] = await desk.list();
    const raised = new Resender({ ...desk.options(plans), maxLateMs: 24 * HOUR }, desk.letters);
    expect(await raised.resend(letter!.id, now)).toMatchObject({ outcome: 'refused' });
  });

  it('a letter from the future is counted when its time has come, and asked for', async () => {
    const desk = await running(1);
    const now = T0 + HOUR + 20 * MINUTE;
    await desk.send(plans, [event(T0 + 5 * HOUR, 7)], now);
    const [letter] = await desk.list();
    expect(letter).toMatchObject({ reason: 'too-early' });
    expect(await desk.resend(plans, letter!.id, now)).toMatchObject({ outcome: 'failed' });
    expect(await desk.resend(plans, letter!.id, now, { acceptAhead: true })).toMatchObject({ outcome: 'refused' });
    const then = T0 + 4.5 * HOUR;
    expect(await desk.resend(plans, letter!.id, then, { acceptAhead: true })).toMatchObject({
      outcome: 'counted',
      corrects: false,
    });
  });

  it('leaves the progress of the hub alone', async () => {
    const desk = await running(1);
    const before = desk.store.dump('control').filter(({ partitionKey }) => partitionKey === 'progress');
    await desk.letters.write([
      {
        ...{ source: 'n/h', partition: '0', sequenceNumber: 99, record: 0, enqueuedTime: T0 + HOUR },
        ...{ reason: 'unknown-shape', detail: '', storedAt: T0, body: JSON.stringify(event(T0 + HOUR)) },
      },
    ]);
    const [letter] = await desk.list();
    expect(await desk.resend(plans, letter!.id, T0 + HOUR + 20 * MINUTE)).toMatchObject({ outcome: 'counted' });
    expect(desk.store.dump('control').filter(({ partitionKey }) => partitionKey === 'progress')).toEqual(before);
  });
});
