import { Evaluator } from '../../src/engine/evaluate';
import { prepareRules } from '../../src/engine/rules';
import { StoreRejected, StoreUnavailable } from '../../src/state/errors';
import type { EntityStore, Operation } from '../../src/state/store';
import { Desk, event } from '../support/resend-desk';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

jest.setTimeout(60_000);
const A = '11111111-2222-4333-8444-aaaaaaaaaaaa';
beforeEach(() => jest.useFakeTimers({ now: T0, doNotFake: ['nextTick', 'setImmediate'] }));
afterEach(() => jest.useRealTimers());

const plan = testPlan({ id: A, query: 'Event | where EventID > 0 | summarize n = count() by Computer' });
const unnamed = (at: number) => ({ TimeGenerated: new Date(at).toISOString(), Computer: 'A', EventID: 1 });
const named = { decode: { defaultTable: 'Event' } };

/** A store that is asked before each write to the state; what `before` throws is what the writer sees. */
function storeOf({ store }: Desk, before: (operations: readonly Operation[]) => void): EntityStore {
  return {
    get: (table, partitionKey, rowKey) => store.get(table, partitionKey, rowKey),
    query: (table, range, pageSize) => store.query(table, range, pageSize),
    async transact(table, partitionKey, operations) {
      if (table === 'state') before(operations);
      return store.transact(table, partitionKey, operations);
    },
  };
}

const hasRows = (operations: readonly Operation[]): boolean => operations.some(({ rowKey }) => !rowKey.startsWith('!'));
const refused = (): never => {
  throw new StoreRejected('no', 400, 'InvalidInput');
};
/** Refuses rows of the message with this number. */
const refusing = (desk: Desk, sequenceNumber: number) =>
  storeOf(desk, (operations) => {
    const [mark] = operations;
    if (hasRows(operations) && mark!.kind !== 'delete' && Number(mark!.properties.seq) === sequenceNumber) refused();
  });

async function counts(desk: Desk): Promise<number[]> {
  await desk.flush([plan], T0 + HOUR + 6 * MINUTE);
  return desk.last().flatMap(({ Results }) => Results.map(({ n }) => n));
}

describe('the hub is read again before its letters are sent again', () => {
  it('what is a row now is counted by the hub alone', async () => {
    const desk = new Desk();
    await desk.flush([plan], T0);
    const messages = await desk.send([plan], [event(T0 + MINUTE), unnamed(T0 + MINUTE)], T0 + MINUTE);
    const [letter] = await desk.list();
    expect(await desk.deliver([plan], messages, named)).toMatchObject({ matches: 2, redelivered: 1 });
    expect(await desk.resend([plan], letter!.id, T0 + 10 * MINUTE, {}, named)).toMatchObject({
      outcome: 'counted-before',
    });
    expect(await desk.list()).toEqual([]);
    expect(await counts(desk)).toEqual([2]);
  });

  it('what its mark had passed is counted by the letter alone', async () => {
    const desk = new Desk();
    await desk.flush([plan], T0);
    const messages = await desk.send([plan], [unnamed(T0 + MINUTE), event(T0 + MINUTE)], T0 + MINUTE);
    const [letter] = await desk.list();
    expect(await desk.deliver([plan], messages, named)).toMatchObject({ matches: 2, redelivered: 2 });
    expect(await desk.resend([plan], letter!.id, T0 + 10 * MINUTE, {}, named)).toMatchObject({ outcome: 'counted' });
    expect(await counts(desk)).toEqual([2]);
  });

  it('a record that was late is counted by the hub, once the bound is raised', async () => {
    const desk = new Desk({ maxLateMs: 10 * MINUTE });
    await desk.flush([plan], T0);
    const messages = await desk.send([plan], [event(T0 + MINUTE)], T0 + 20 * MINUTE);
    const [letter] = await desk.list();
    expect(letter).toMatchObject({ reason: 'too-late' });
    const raised = { maxLateMs: HOUR };
    expect(await desk.deliver([plan], messages, raised)).toMatchObject({ matches: 1, redelivered: 0 });
    expect(await desk.resend([plan], letter!.id, T0 + 21 * MINUTE, {}, raised)).toMatchObject({
      outcome: 'counted-before',
    });
    expect(await counts(desk)).toEqual([1]);
  });

  it('a mended rule counts a record once, in a replay too', async () => {
    const failing = testPlan({
      id: A,
      query: 'Event | where assert(EventID != 9, "no") | summarize n = count() by Computer',
    });
    const desk = new Desk({ mode: 'replay' });
    const messages = await desk.send([failing], [event(T0, 1), event(T0, 9)], T0);
    const [letter] = await desk.list();
    await desk.deliver([plan], messages);
    expect(await desk.resend([plan], letter!.id, T0)).toMatchObject({ outcome: 'counted-before' });
    await desk.flush([plan], T0);
    expect(desk.last().flatMap(({ Results }) => Results.map(({ n }) => n))).toEqual([2]);
  });
});

it('a record that a leg fails on is counted by its letter alone, though the hub is read again when the leg would not fail any more', async () => {
  const desk = new Desk();
  await desk.flush([plan], T0);
  const rules = prepareRules([plan]);
  // What a fault of the program does, which the next version has mended: the state is the same.
  for (const { runner } of rules.legs)
    for (const name of ['survivors', 'survivorsFrom'] as const)
      runner[name] = () => {
        throw new Error('a fault');
      };
  const source = { namespace: 'n', hub: 'h', partition: '0', incarnation: desk.incarnation };
  const body = Buffer.from(JSON.stringify(event(T0 + MINUTE)));
  const batch = { source, messages: [{ body, sequenceNumber: 0, enqueuedTime: T0 + MINUTE }] };
  await new Evaluator({ current: async () => rules }, desk.options([plan])).evaluate(batch);
  const [letter] = await desk.list();
  expect(letter).toMatchObject({ reason: 'rule-failed' });
  // As after a crash before the progress was written: nobody sees that it is read again.
  await desk.store.transact('control', 'progress', [
    {
      kind: 'delete',
      rowKey: desk.store.dump('control').find((one) => one.partitionKey === 'progress')!.rowKey,
      ifMatch: '*',
    },
  ]);
  expect(await desk.deliver([plan], batch.messages)).toMatchObject({ matches: 1, redelivered: 1 });
  expect(await desk.resend([plan], letter!.id, T0 + 10 * MINUTE)).toMatchObject({ outcome: 'counted' });
  expect(await counts(desk)).toEqual([1]);
});

describe('a row that the table refuses', () => {
  it('is counted by its letter alone, though the hub is read again when it would be taken', async () => {
    const desk = new Desk();
    await desk.flush([plan], T0);
    const store = refusing(desk, 0);
    const messages = await desk.send([plan], [event(T0 + MINUTE)], T0 + MINUTE, { store });
    const [letter] = await desk.list();
    expect(await desk.deliver([plan], messages)).toMatchObject({ matches: 1, redelivered: 1 });
    expect(await desk.resend([plan], letter!.id, T0 + 10 * MINUTE)).toMatchObject({ outcome: 'counted' });
    expect(await desk.deliver([plan], messages)).toMatchObject({ matches: 1, redelivered: 1 });
    expect(await counts(desk)).toEqual([1]);
  });

  it('is counted by the hub alone where its process ended between its letter and its place', async () => {
    const desk = new Desk();
    await desk.flush([plan], T0);
    const store = storeOf(desk, (operations) => {
      if (hasRows(operations)) refused();
      throw new StoreUnavailable('not applied');
    });
    const sent = desk.send([plan], [event(T0 + MINUTE)], T0 + MINUTE, { store });
    await expect(sent).rejects.toThrow(StoreUnavailable);
    const [letter] = await desk.list();
    const body = Buffer.from(JSON.stringify(event(T0 + MINUTE)));
    const messages = [{ body, sequenceNumber: 0, enqueuedTime: T0 + MINUTE }];
    expect(await desk.deliver([plan], messages)).toMatchObject({ matches: 1, redelivered: 0 });
    expect(await desk.resend([plan], letter!.id, T0 + 10 * MINUTE)).toMatchObject({ outcome: 'counted-before' });
    expect(await counts(desk)).toEqual([1]);
  });

  it('is counted by its letter without the other rows of its record', async () => {
    const expanding = testPlan({
      id: A,
      query: 'Event | mv-expand Computer = split(Computer, ",") to typeof(string) | summarize n = count() by Computer',
    });
    const desk = new Desk();
    await desk.flush([expanding], T0);
    const store = storeOf(desk, (operations) => {
      if (operations.some((one) => one.kind !== 'delete' && String(one.properties.v).includes('"k":["y"]'))) refused();
    });
    await desk.send([expanding], [event(T0 + MINUTE, 1, 'x,y,z')], T0 + MINUTE, { store });
    const [letter] = await desk.list();
    expect(letter).toMatchObject({ reason: 'state-rejected' });
    const resent = await desk.resend([expanding], letter!.id, T0 + 10 * MINUTE);
    expect(resent).toMatchObject({ outcome: 'counted', matches: 3 });
    await desk.flush([expanding], T0 + HOUR + 6 * MINUTE);
    const found = desk.last().flatMap(({ Results }) => Results.map(({ Computer, n }) => `${Computer} ${n}`));
    expect(found.sort()).toEqual(['x 1', 'y 1', 'z 1']);
  });

  it('of both legs of a rule is counted by both', async () => {
    const joined = testPlan({
      id: A,
      query:
        'Event | where EventID > 0 | summarize n = count() by Computer | join kind=inner (Event | where EventID < 9 | summarize m = count() by Computer) on Computer | project Computer, n, m',
    });
    const desk = new Desk();
    await desk.flush([joined], T0);
    await desk.send([joined], [event(T0 + MINUTE)], T0 + MINUTE, { store: refusing(desk, 0) });
    const [letter, ...others] = await desk.list();
    expect(others).toEqual([]);
    expect(letter!.countedLegs).toBeUndefined();
    expect(await desk.resend([joined], letter!.id, T0 + 10 * MINUTE)).toMatchObject({ outcome: 'counted', matches: 2 });
    await desk.flush([joined], T0 + HOUR + 6 * MINUTE);
    expect(desk.last().map(({ Results }) => Results)).toEqual([[expect.objectContaining({ n: 1, m: 1 })]]);
  });
});

it('a letter that was cut off between its claim and its count is counted when it is sent again', async () => {
  const desk = new Desk();
  await desk.flush([plan], T0);
  const messages = await desk.send([plan], [unnamed(T0 + MINUTE)], T0 + MINUTE);
  const [letter] = await desk.list();
  const store = storeOf(desk, (operations) => {
    if (hasRows(operations)) throw new StoreUnavailable('not applied');
  });
  const cut = desk.resend([plan], letter!.id, T0 + 10 * MINUTE, {}, { ...named, store });
  await expect(cut).rejects.toThrow(StoreUnavailable);
  expect(await desk.deliver([plan], messages, named)).toMatchObject({ matches: 1, redelivered: 1 });
  for (const outcome of ['counted', undefined])
    expect((await desk.resend([plan], letter!.id, T0 + 10 * MINUTE, {}, named))?.outcome).toBe(outcome);
  expect(await counts(desk)).toEqual([1]);
});
