import { StoreUnavailable } from '../../src/state/errors';
import { HOUR, MINUTE, T0 } from '../support/world';
import { A, B, counting, Desk, event, picky } from './letter-desk';

jest.setTimeout(60_000);

beforeEach(() => jest.useFakeTimers({ now: T0, doNotFake: ['nextTick', 'setImmediate'] }));
afterEach(() => jest.useRealTimers());

describe('many records of one message', () => {
  const many = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));

  it('that no rule counts are one letter with counts by reason', async () => {
    const desk = new Desk('live');
    const records = [event(T0, 1), ...many(30, () => ({})), event(T0 - 30 * HOUR, 2), event(T0, 3)];
    await desk.send([counting(A)], [records, many(20, () => ({}))], T0);
    const letters = await desk.list();
    expect(letters).toHaveLength(21);
    const whole = letters.filter(({ sequenceNumber }) => sequenceNumber === 0);
    expect(whole).toEqual([
      expect.objectContaining({ record: 0, reason: 'unknown-shape', isWholeMessage: true, recordCount: 31 }),
    ]);
    expect(whole[0]!.detail).toContain('31 of 33 records of this message: 30 unknown-shape, 1 too-late');
  });

  it('are written side by side', async () => {
    const desk = new Desk('live');
    let underWay = 0;
    let most = 0;
    desk.store.hooks = {
      before: async (call) => {
        if (call.kind !== 'transact' || call.table !== 'letters') return;
        most = Math.max(most, ++underWay);
        await new Promise(setImmediate);
      },
      after: (call) => {
        if (call.kind === 'transact' && call.table === 'letters') underWay--;
      },
    };
    await desk.send(
      [counting(A)],
      many(40, () => many(20, () => ({}))),
      T0,
    );
    expect(await desk.list()).toHaveLength(100);
    expect(most).toBe(8);
  });

  it('of which those of one reason can be counted leave those of another', async () => {
    const plans = [counting(A)];
    const desk = new Desk('live', { maxLateMs: 3 * HOUR, graceMs: 5 * MINUTE });
    for (let hour = 0; hour <= 4; hour++) {
      const now = T0 + hour * HOUR + 10 * MINUTE;
      jest.setSystemTime(now);
      await desk.flush(plans, now);
    }
    const now = T0 + 4 * HOUR + 20 * MINUTE;
    jest.setSystemTime(now);
    const late = now - 3 * HOUR - MINUTE;
    const body = [event(now, 1), ...many(30, (i) => event(late, i)), {}, event(now, 99)];
    await desk.send(plans, [body], now);
    const [letter] = await desk.list();
    expect(letter).toMatchObject({ reason: 'too-late', recordCount: 31 });
    expect(await desk.resend(plans, letter!.id, now)).toMatchObject({ outcome: 'failed' });
    const acceptLate = { acceptLate: true };
    expect(await desk.resend(plans, letter!.id, now, { ...acceptLate, dryRun: true })).toMatchObject({
      outcome: 'partly',
    });
    expect(await desk.list()).toEqual([letter]);
    expect(await desk.resend(plans, letter!.id, now, acceptLate)).toMatchObject({ outcome: 'partly', matches: 30 });
    expect(await desk.list()).toEqual([
      expect.objectContaining({ id: letter!.id, reason: 'unknown-shape', recordCount: 1 }),
    ]);
    expect(await desk.resend(plans, letter!.id, now, acceptLate)).toMatchObject({ outcome: 'failed', matches: 0 });
    await desk.flush(plans, now + MINUTE);
    expect(desk.last(A).filter((text) => text.includes('"n":30'))).toHaveLength(1);
  });

  it('are counted when sent again, and the others of the message are not', async () => {
    const desk = new Desk('replay');
    const body = [event(T0, 1), ...many(30, () => event(T0, 9)), event(T0, 2)];
    const other = counting(B, 'EventID > 0');
    await desk.send([picky(A), other], [body], T0);
    const letters = await desk.list();
    expect(letters).toEqual([expect.objectContaining({ ruleId: A, reason: 'rule-failed', recordCount: 30 })]);
    expect(await desk.resend([picky(A), other], letters[0]!.id)).toMatchObject({ outcome: 'failed' });
    const mended = [counting(A), other];
    expect(await desk.resend(mended, letters[0]!.id)).toMatchObject({ outcome: 'counted', matches: 30 });
    expect(await desk.list()).toEqual([]);
    await desk.flush(mended, T0);
    expect(desk.last(B)).toEqual([expect.stringContaining('"n":32')]);
    // Its two others were counted by the rule as it was.
    expect(desk.last(A)).toEqual([expect.stringContaining('"n":30')]);
  });

  it('are refused where the message is read as another number of records', async () => {
    const desk = new Desk('replay');
    const letter = { source: 'n/h', partition: '0', sequenceNumber: 1, record: 0, enqueuedTime: T0, detail: '' };
    const parts = { total: 3, parts: [{ reason: 'unknown-shape', records: [0] }] };
    const body = JSON.stringify([event(T0), event(T0, 2)]);
    await desk.letters.write([{ ...letter, reason: 'unknown-shape', storedAt: T0, body, parts }]);
    const [whole] = await desk.list();
    expect(await desk.resend([counting(A)], whole!.id)).toMatchObject({ outcome: 'refused' });
  });

  it('are counted part by part, wherever that is cut off', async () => {
    const plans = [counting(A)];
    const parts = {
      total: 5,
      parts: [
        { reason: 'unknown-shape', records: [1, 4] },
        { reason: 'no-time', records: [0, 2] },
      ],
    };
    for (const when of ['before', 'after'] as const) {
      let wasKilled = true;
      for (let killAt = 0; wasKilled; killAt++) {
        const desk = new Desk('replay');
        const body = JSON.stringify(many(5, (i) => event(T0, i)));
        const letter = { source: 'n/h', partition: '0', sequenceNumber: 1, record: 0, enqueuedTime: T0, detail: '' };
        await desk.letters.write([{ ...letter, reason: 'unknown-shape', storedAt: T0, body, parts }]);
        const [whole] = await desk.list();
        let step = 0;
        desk.store.hooks = {
          [when]: () => {
            if (step++ === killAt) throw new StoreUnavailable('killed');
          },
        };
        await desk.resend(plans, whole!.id).catch((error: unknown) => {
          if (!(error instanceof StoreUnavailable)) throw error;
        });
        wasKilled = step > killAt;
        desk.store.hooks = {};
        await desk.resend(plans, whole!.id);
        expect(await desk.list()).toEqual([]);
        await desk.flush(plans, T0);
        expect(desk.last(A)).toEqual([expect.stringContaining('"n":4')]);
      }
    }
  });
});
