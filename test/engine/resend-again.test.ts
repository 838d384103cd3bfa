import type { DeadLetter } from '../../src/deadletters/record';
import { Evaluator } from '../../src/engine/evaluate';
import { prepareRules } from '../../src/engine/rules';
import { Desk, event } from '../support/resend-desk';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

jest.setTimeout(60_000);
const A = '11111111-2222-4333-8444-aaaaaaaaaaaa';
beforeEach(() => jest.useFakeTimers({ now: T0, doNotFake: ['nextTick', 'setImmediate'] }));
afterEach(() => jest.useRealTimers());

const plan = testPlan({ id: A, query: 'Event | where EventID > 0 | summarize n = count() by Computer' });
/** A record that names no table. */
const unnamed = (at: number, Computer: string) => ({ TimeGenerated: new Date(at).toISOString(), Computer, EventID: 1 });
const named = { decode: { defaultTable: 'Event' } };

describe('the hub is read again after its letters were sent again', () => {
  it('and what is a row now is counted once', async () => {
    const desk = new Desk();
    await desk.flush([plan], T0);
    const bodies = [event(T0 + MINUTE), unnamed(T0 + MINUTE, 'A'), event(T0 + MINUTE)];
    const messages = await desk.send([plan], bodies, T0 + MINUTE);
    const [letter] = await desk.list();
    expect(letter).toMatchObject({ reason: 'no-table' });
    const resent = await desk.resend([plan], letter!.id, T0 + 10 * MINUTE, {}, named);
    expect(resent).toMatchObject({ outcome: 'counted' });
    expect(await desk.deliver([plan], messages, named)).toMatchObject({ matches: 3, redelivered: 3 });
    // What comes after the record is counted as ever.
    await desk.send([plan], [event(T0 + 20 * MINUTE)], T0 + 20 * MINUTE, named);
    await desk.flush([plan], T0 + HOUR + 6 * MINUTE);
    expect(desk.last().map(({ Results }) => Results)).toEqual([[expect.objectContaining({ n: 4 })]]);
  });

  it('and nothing had been counted of its partition before', async () => {
    const desk = new Desk();
    await desk.flush([plan], T0);
    const messages = await desk.send([plan], [unnamed(T0 + MINUTE, 'A')], T0 + MINUTE);
    const [letter] = await desk.list();
    await desk.resend([plan], letter!.id, T0 + 10 * MINUTE, {}, named);
    expect(await desk.deliver([plan], messages, named)).toMatchObject({ matches: 1, redelivered: 1 });
    await desk.flush([plan], T0 + HOUR + 6 * MINUTE);
    expect(desk.last().map(({ Results }) => Results)).toEqual([[expect.objectContaining({ n: 1 })]]);
  });
});

describe('letters of a hub and of the one that was made anew on the same day', () => {
  it('are two, and both are counted', async () => {
    const desk = new Desk();
    await desk.flush([plan], T0);
    await desk.send([plan], [unnamed(T0 + MINUTE, 'old')], T0 + MINUTE);
    desk.sequenceNumber = 0;
    desk.incarnation = '2026-01-01T00:10:00Z';
    await desk.send([plan], [unnamed(T0 + 12 * MINUTE, 'new')], T0 + 12 * MINUTE);
    const letters = await desk.list();
    expect(letters.map(({ incarnation }) => incarnation).sort()).toEqual([
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:10:00Z',
    ]);
    for (const { id } of letters)
      expect(await desk.resend([plan], id, T0 + 15 * MINUTE, {}, named)).toMatchObject({ outcome: 'counted' });
    expect(await desk.list()).toEqual([]);
    await desk.flush([plan], T0 + HOUR + 6 * MINUTE);
    const computers = desk.last().flatMap(({ Results }) => Results.map(({ Computer, n }) => `${Computer} ${n}`));
    expect(computers.sort()).toEqual(['new 1', 'old 1']);
  });

  it('a letter from before the incarnation was noted stays one, and is sent again', async () => {
    const desk = new Desk();
    await desk.flush([plan], T0);
    const older: DeadLetter = {
      ...{ source: 'n/h', partition: '0', sequenceNumber: 0, record: 0, enqueuedTime: T0 + MINUTE, storedAt: T0 },
      ...{ reason: 'unknown-shape', detail: 'd', body: JSON.stringify(unnamed(T0 + MINUTE, 'old')) },
    };
    await desk.letters.write([older]);
    const [before] = await desk.list();
    // The same record, delivered again to the newer version; then another of the hub that was made anew.
    await desk.send([plan], [unnamed(T0 + MINUTE, 'old')], T0 + MINUTE);
    expect((await desk.list()).map(({ id }) => id)).toEqual([before!.id]);
    desk.sequenceNumber = 0;
    desk.incarnation = '2026-01-01T00:10:00Z';
    await desk.send([plan], [unnamed(T0 + 12 * MINUTE, 'new')], T0 + 12 * MINUTE);
    expect(await desk.list()).toHaveLength(2);
    expect(await desk.resend([plan], before!.id, T0 + 15 * MINUTE, {}, named)).toMatchObject({ outcome: 'counted' });
    expect(await desk.list()).toHaveLength(1);
    expect(await desk.letters.expire(T0 + 72 * HOUR, 10)).toBe(1);
  });
});

describe('legs that have counted a record', () => {
  const joined = (x: string, y: string) =>
    testPlan({
      id: A,
      query: `Event | where ${x} | summarize n = count() by Computer | join kind=inner (Event | where ${y} | summarize m = count() by Computer) on Computer | project Computer, n, m`,
    });
  const failing = 'assert(EventID != 9, "no")';

  it('are united where processes of two versions write its letter', async () => {
    const [older, newer, mended] = [
      joined('EventID > 0', failing),
      joined('EventID >= 0', failing),
      joined('EventID >= 0', 'EventID >= -1'),
    ];
    const desk = new Desk({ mode: 'replay' });
    const messages = await desk.send([newer], [event(T0, 9), event(T0, 1)], T0);
    const [first] = await desk.list();
    const old = new Evaluator({ current: async () => prepareRules([older]) }, desk.options([older]));
    const source = { namespace: 'n', hub: 'h', partition: '0', incarnation: desk.incarnation };
    await old.evaluate({ source, messages });
    const [second, ...others] = await desk.list();
    expect(others).toEqual([]);
    expect(second!.countedLegs).toHaveLength(2);
    expect(second!.countedLegs).toEqual(expect.arrayContaining([...first!.countedLegs!]));
    expect(await desk.resend([mended], second!.id, T0)).toMatchObject({ outcome: 'counted', matches: 1 });
    await desk.deliver([mended], messages.slice(1));
    await desk.flush([mended], T0);
    expect(desk.last().map(({ Results }) => Results)).toEqual([[expect.objectContaining({ n: 2, m: 2 })]]);
  });
});
