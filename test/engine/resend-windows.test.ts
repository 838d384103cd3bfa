import { Resender } from '../../src/engine';
import { readCursors, writeCursor } from '../../src/engine/rule-cursor';
import { Desk, event } from '../support/resend-desk';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

jest.setTimeout(240_000);
const A = '11111111-2222-4333-8444-aaaaaaaaaaaa';
const B = '11111111-2222-4333-8444-bbbbbbbbbbbb';
beforeEach(() => jest.useFakeTimers({ now: T0, doNotFake: ['nextTick', 'setImmediate'] }));
afterEach(() => jest.useRealTimers());

const counting = (where: string, id = A) =>
  testPlan({ id, query: `Event | where ${where} | summarize n = count() by Computer` });
const broken = counting('assert(EventID != 9, "no")');
const mended = counting('EventID > 0');

/** A record of the window that ends at 03:00 on which the rule failed; the rule mended so long after it, flushes until so long after that. */
async function afterMending(mendAfter: number, resendAfter: number, plan = mended, first = broken) {
  const desk = new Desk();
  const at = T0 + 2 * HOUR + 10 * MINUTE;
  let t = T0;
  for (; t < at; t += 10 * MINUTE) await desk.flush([first], t);
  await desk.send([first], [event(at, 9), event(at, 1)], at);
  for (t = at; t < at + mendAfter; t += 10 * MINUTE) await desk.flush([first], t);
  for (; t < at + mendAfter + resendAfter; t += 10 * MINUTE) {
    await desk.flush([plan], t);
    await desk.flush([plan], t + 1000);
  }
  const [letter] = await desk.list();
  return { desk, id: letter!.id, now: t };
}
const windowOf = (desk: Desk) => desk.last(T0 + 3 * HOUR).map(({ Results }) => Results);

describe('a rule is mended, then its letter is sent again', () => {
  for (const mendAfter of [10 * MINUTE, 3 * HOUR])
    for (const resendAfter of [5 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 20 * HOUR])
      it(`${mendAfter / MINUTE} min after, ${resendAfter / MINUTE} min after that: its window is right`, async () => {
        const { desk, id, now } = await afterMending(mendAfter, resendAfter);
        expect(await desk.resend([mended], id, now)).toMatchObject({ outcome: 'counted' });
        expect(await desk.list()).toEqual([]);
        for (let t = now + MINUTE; t < now + 2 * HOUR; t += 10 * MINUTE) await desk.flush([mended], t);
        expect(windowOf(desk)).toEqual([[expect.objectContaining({ Computer: 'A', n: 2 })]]);
      });

  for (const resendAfter of [28 * HOUR, 30 * HOUR, 48 * HOUR])
    it(`${resendAfter / HOUR} h after: refused, and the letter stays`, async () => {
      const { desk, id, now } = await afterMending(10 * MINUTE, resendAfter);
      expect(await desk.resend([mended], id, now)).toMatchObject({
        outcome: 'refused',
        detail: expect.stringContaining('has expired'),
      });
      expect(await desk.list()).toHaveLength(1);
    });

  it('not, and it is sent when its windows are over: refused, and the letter stays', async () => {
    const { desk, id, now } = await afterMending(10 * MINUTE, 28 * HOUR, broken);
    expect(await desk.resend([broken], id, now)).toMatchObject({
      outcome: 'refused',
      detail: expect.stringContaining('has expired'),
    });
    expect(await desk.list()).toHaveLength(1);
  });

  it('not, and all that is known of its windows is forgotten: refused, and the letter stays', async () => {
    const { desk, id, now } = await afterMending(HOUR, HOUR, broken);
    const [cursor] = await readCursors(desk.store, 'control');
    await writeCursor(desk.store, 'control', { ...cursor!, ownsAfter: now, lastRunEnd: now, closingEnd: now });
    expect(await desk.resend([broken], id, now)).toMatchObject({
      outcome: 'refused',
      detail: expect.stringContaining('no window over it belongs to a version'),
    });
    expect(await desk.list()).toHaveLength(1);
  });

  it('in another way of grouping: refused with the reason, and the letter stays', async () => {
    const other = testPlan({ id: A, query: 'Event | where EventID > 0 | summarize n = count() by Computer, EventID' });
    const { desk, id, now } = await afterMending(10 * MINUTE, HOUR, other);
    expect(await desk.resend([other], id, now)).toMatchObject({
      outcome: 'refused',
      detail: expect.stringContaining('groups it, or keeps columns, in another way'),
    });
    expect(await desk.list()).toHaveLength(1);
  });

  it('and another rule with the same state was not: refused with the reason', async () => {
    const twin = counting('assert(EventID != 9, "no")', B);
    const desk = new Desk();
    for (let t = T0; t < T0 + 2 * HOUR; t += 10 * MINUTE) await desk.flush([broken, twin], t);
    const at = T0 + 2 * HOUR;
    await desk.send([broken, twin], [event(at, 9)], at);
    await desk.flush([mended, twin], at + MINUTE);
    const own = (await desk.list()).find(({ ruleId }) => ruleId === A)!;
    expect(await desk.resend([mended, twin], own.id, at + 5 * MINUTE)).toMatchObject({
      outcome: 'refused',
      detail: expect.stringContaining(`shared with the rule ${B}`),
    });
  });
});

const overlapping = testPlan({
  id: A,
  query: 'Event | where EventID > 0 | summarize n = count() by Computer',
  frequency: '10m',
  period: '1h',
});

async function running(desk: Desk, from: number, to: number, plan = overlapping): Promise<void> {
  for (let t = from; t <= to; t += 10 * MINUTE) {
    await desk.send([plan], [event(t - 1000, 1, 'B')], t);
    await desk.flush([plan], t + 6 * MINUTE);
  }
}

describe('--accept-late', () => {
  it('says which windows over the record stay as they are', async () => {
    const desk = new Desk();
    await desk.flush([overlapping], T0);
    await running(desk, T0 + 10 * MINUTE, T0 + 30 * HOUR);
    const now = T0 + 30 * HOUR + 7 * MINUTE;
    const counts: number[] = [];
    for (const more of [2, 10, 20, 30, 40, 60]) {
      const at = now - 24 * HOUR - more * MINUTE;
      const name = `L${more}`;
      await desk.send([overlapping], [event(at, 1, name)], now);
      const [letter] = await desk.list();
      const dry = await desk.resend([overlapping], letter!.id, now, { acceptLate: true, dryRun: true });
      const resent = await desk.resend([overlapping], letter!.id, now, { acceptLate: true });
      expect(dry).toMatchObject({ outcome: resent!.outcome });
      expect(dry!.uncorrected).toEqual(resent!.uncorrected);
      await desk.flush([overlapping], now + MINUTE);
      const corrected = desk.alerts.flatMap(({ Results, WindowEnd }) =>
        Results.some(({ Computer }) => Computer === name) ? [Date.parse(WindowEnd)] : [],
      );
      if (resent!.outcome === 'refused') {
        expect(corrected).toEqual([]);
        await desk.letters.delete(letter!.id);
        continue;
      }
      const gone = (resent!.uncorrected ?? []).map((end) => Date.parse(end));
      const pane = Math.floor(at / (10 * MINUTE)) * 10 * MINUTE;
      const ends = Array.from({ length: 6 }, (_, i) => pane + (i + 1) * 10 * MINUTE);
      // All that it does not name are corrected; of those that it names the last may be, since it is about to go.
      expect(new Set([...corrected, ...gone])).toEqual(new Set(ends));
      counts.push(gone.length);
    }
    expect(counts).toEqual([1, 2, 3, 4, 5]);
  });

  it('a resend that stands still until the state is gone says so, and the letter stays', async () => {
    const plan = counting('EventID > 0');
    const desk = new Desk();
    await desk.flush([plan], T0);
    await running(desk, T0 + 10 * MINUTE, T0 + 28 * HOUR, plan);
    const now = T0 + 28 * HOUR + 7 * MINUTE;
    await desk.send([plan], [event(now - 24 * HOUR - 2 * MINUTE, 1, 'LATE')], now);
    const [letter] = await desk.list();
    let slept = false;
    desk.store.hooks.before = async (call) => {
      if (slept || call.kind !== 'get' || call.table !== 'state') return;
      slept = true;
      desk.store.hooks = {};
      await running(desk, now + 3 * MINUTE, now + 4 * HOUR, plan);
    };
    const resender = new Resender(desk.options([plan]), desk.letters);
    expect(await resender.resend(letter!.id, now, { acceptLate: true })).toMatchObject({
      outcome: 'refused',
      detail: expect.stringContaining('while it was being counted'),
    });
    expect(slept).toBe(true);
    expect(await desk.list()).toHaveLength(1);
    await desk.flush([plan], now + 5 * HOUR);
    expect(desk.alerts.filter(({ Results }) => Results.some(({ Computer }) => Computer === 'LATE'))).toEqual([]);
  });
});
