import fc from 'fast-check';
import { type CommitRow, commitBatch, type Fold } from '../../src/state/commit';
import { StoreRejected, StoreUnavailable } from '../../src/state/errors';
import { GroupCache } from '../../src/state/group-cache';
import { MARK_ROW } from '../../src/state/keys';
import { readMark } from '../../src/state/mark';
import { MemoryStore } from '../../src/state/memory';
import { readState } from '../../src/state/read';
import { partitionRange } from '../../src/state/store';

jest.setTimeout(60_000);

const fold: Fold<number> = (stored, rows) => JSON.stringify([...(stored ? JSON.parse(stored) : []), ...rows]);
const target = { table: 'state', partitionKey: 'p', fold };
const at = (n: number) => ({ sequenceNumber: Math.floor(n / 6), record: Math.floor((n % 6) / 2), ordinal: n % 2 });

const grouped = (n: number, groups: number): CommitRow<number> => ({
  position: at(n),
  groupKey: `k${n % groups}`,
  row: n,
});
const kept = (n: number): CommitRow<number> => ({ position: at(n), payload: JSON.stringify({ n }) });
const batch = (count: number, groups: number) => Array.from({ length: count }, (_, n) => grouped(n, groups));

async function state(store: MemoryStore): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of readState(store, 'state', partitionRange('p')))
    if ('value' in item) items.push([item.rowKey, item.value]);
  return items;
}

async function expected(rows: readonly CommitRow<number>[]): Promise<unknown[]> {
  const store = new MemoryStore();
  await commitBatch(store, { ...target, rows });
  const counted = rows.reduce((sum, row) => sum + ('groupKey' in row ? 1 : 0), 0);
  const items = await state(store);
  const values = items.flatMap((item) => JSON.parse((item as [string, string])[1]));
  expect(values.filter((v) => typeof v === 'number').sort((a, b) => a - b)).toEqual(
    rows.flatMap((row) => ('groupKey' in row ? [row.row] : [])),
  );
  expect(values.length).toBe(rows.length);
  expect(counted).toBeLessThanOrEqual(values.length);
  return items;
}

describe('commitBatch', () => {
  it('writes 500 rows of 500 groups in 6 transactions, and of 50 groups in one', async () => {
    const store = new MemoryStore();
    expect(await commitBatch(store, { ...target, rows: batch(500, 500) })).toEqual({
      written: 500,
      skipped: 0,
      transactions: 6,
      conflicts: 0,
    });
    expect(store.dump('state')).toHaveLength(501);
    const other = new MemoryStore();
    expect(await commitBatch(other, { ...target, rows: batch(500, 50) })).toMatchObject({
      written: 500,
      transactions: 1,
    });
  });

  it('reads groups of a small partition in one range, of a large one by key', async () => {
    const store = new MemoryStore();
    await commitBatch(store, { ...target, rows: batch(300, 300) });
    const calls: string[] = [];
    store.hooks = { before: (call) => void calls.push(call.kind) };
    await commitBatch(store, { ...target, rows: batch(400, 300).slice(300) });
    expect(calls).toEqual(['get', 'page', 'transact', 'transact']);
    calls.length = 0;
    await commitBatch(store, { ...target, rows: batch(420, 300).slice(400) });
    expect(calls).toEqual([...Array(21).fill('get'), 'transact']);
    expect(await state(store)).toEqual(await expected(batch(420, 300)));
  });

  it('writes nothing for a batch that was counted before', async () => {
    const store = new MemoryStore();
    await commitBatch(store, { ...target, rows: batch(100, 7) });
    const before = store.dump('state');
    expect(await commitBatch(store, { ...target, rows: batch(100, 7) })).toEqual({
      written: 0,
      skipped: 100,
      transactions: 0,
      conflicts: 0,
    });
    expect(await commitBatch(store, { ...target, rows: [] })).toMatchObject({ written: 0, skipped: 0 });
    expect(store.dump('state')).toEqual(before);
  });

  it('refuses rows out of order', async () => {
    const rows = [kept(1), kept(0)];
    await expect(commitBatch(new MemoryStore(), { ...target, rows })).rejects.toThrow(RangeError);
    await expect(commitBatch(new MemoryStore(), { ...target, rows: [kept(1), kept(1)] })).rejects.toThrow(RangeError);
  });

  it('keeps rows and groups beside each other, with counts in the mark', async () => {
    const store = new MemoryStore();
    const rows = [grouped(0, 2), kept(1), grouped(2, 2), grouped(3, 2), kept(4)];
    await commitBatch(store, { ...target, rows });
    const items = [];
    for await (const item of readState(store, 'state', partitionRange('p'))) items.push(item);
    expect(items[0]).toMatchObject({ kind: 'mark', mark: { position: at(4), groups: 2, rows: 2, matches: 5 } });
    expect(items.slice(1).map((i) => i.kind)).toEqual(['group', 'group', 'row', 'row']);
  });

  it('counts on where the mark of an older version does not say how many rows it has counted', async () => {
    const store = new MemoryStore();
    const properties = { seq: 0n, rec: 1, ord: 1, groups: 2, rows: 1 };
    await store.transact('state', 'p', [{ kind: 'create', rowKey: MARK_ROW, properties }]);
    expect((await readMark(store, 'state', 'p')).matches).toBe(3);
    await commitBatch(store, { ...target, rows: [kept(4), kept(5)] });
    expect(await readMark(store, 'state', 'p')).toMatchObject({ groups: 2, rows: 3, matches: 5 });
  });

  it('splits by bytes, and pages values of several megabytes through chunks', async () => {
    const big: Fold<string> = (stored, rows) => (stored ?? '') + rows.join('');
    const store = new MemoryStore();
    const rows = Array.from({ length: 30 }, (_, n) => ({
      position: at(n),
      groupKey: `k${n % 10}`,
      row: String(n % 10).repeat(400_000),
    }));
    const result = await commitBatch(store, { table: 'state', partitionKey: 'p', fold: big, rows });
    expect(result.written).toBe(30);
    const values = [];
    for await (const item of readState(store, 'state', partitionRange('p'), 3))
      if (item.kind === 'group') values.push(item.value);
    expect(values.sort()).toEqual(Array.from({ length: 10 }, (_, n) => String(n).repeat(1_200_000)));
    const orphans = store.dump('state').filter((e) => e.rowKey.includes('~'));
    expect(orphans).toHaveLength(10 * 2);
  });

  it('counts each row once when it is killed at any step, before or after it was applied', async () => {
    const rows = [...batch(230, 120), ...Array.from({ length: 20 }, (_, i) => kept(230 + i))];
    const want = await expected(rows);
    let kills = 0;
    for (const where of ['before', 'after'] as const)
      for (let n = 0; ; n++) {
        let step = 0;
        const store = new MemoryStore({
          [where]: () => {
            if (step++ === n) throw new StoreUnavailable('killed');
          },
        });
        const first = await commitBatch(store, { ...target, rows }).catch((error) => error);
        if (!(first instanceof StoreUnavailable)) break;
        kills++;
        await commitBatch(store, { ...target, rows: rows.slice(0, 190) });
        await commitBatch(store, { ...target, rows });
        expect(await state(store)).toEqual(want);
      }
    expect(kills).toBeGreaterThan(6);
  });

  it('counts each row once while values move through chunks and any step fails', async () => {
    const big: Fold<string> = (stored, rows) => (stored ?? '') + rows.join('');
    const rows = Array.from({ length: 6 }, (_, n) => ({
      position: at(n),
      groupKey: `k${n % 2}`,
      row: String(n).repeat(700_000),
    }));
    const commit = { table: 'state', partitionKey: 'p', fold: big };
    let kills = 0;
    for (const where of ['before', 'after'] as const)
      for (let n = 0; ; n++) {
        let step = 0;
        const store = new MemoryStore();
        await commitBatch(store, { ...commit, rows: rows.slice(0, 2) });
        await commitBatch(store, { ...commit, rows: rows.slice(2, 4) });
        store.hooks = {
          [where]: () => {
            if (step++ === n) throw new StoreUnavailable('killed');
          },
        };
        const first = await commitBatch(store, { ...commit, rows }).catch((error) => error);
        if (!(first instanceof StoreUnavailable)) break;
        kills++;
        await commitBatch(store, { ...commit, rows });
        const values = [];
        for await (const item of readState(store, 'state', partitionRange('p')))
          if (item.kind === 'group') values.push(item.value);
        const want = [0, 1].map((g) => [0, 2, 4].map((n) => String(n + g).repeat(700_000)).join(''));
        expect(values.sort().every((v, i) => v === want[i])).toBe(true);
      }
    expect(kills).toBeGreaterThan(8);
  });

  it('lets a second writer take over between any two steps of the first', async () => {
    const rows = batch(210, 110);
    const want = await expected(rows);
    for (let n = 0; n < 8; n++) {
      let step = 0;
      const store = new MemoryStore();
      store.hooks = {
        before: async () => {
          if (step++ !== n) return;
          await commitBatch(store, { ...target, rows: rows.slice(0, 150) });
        },
      };
      const result = await commitBatch(store, { ...target, rows });
      expect(await state(store)).toEqual(want);
      if (n > 0 && n < 3) expect(result.conflicts).toBe(1);
    }
  });

  it('is not stopped by rows that were left behind without their mark', async () => {
    const store = new MemoryStore();
    const rows = [...batch(20, 9), kept(20)];
    await commitBatch(store, { ...target, rows });
    await store.transact('state', 'p', [{ kind: 'delete', rowKey: '!', ifMatch: '*' }]);
    expect(await commitBatch(store, { ...target, rows })).toMatchObject({ written: 21, conflicts: 1 });
    expect(await state(store)).toEqual(await expected(rows));
  });

  it('reads no group again that this process wrote, until another writer comes between', async () => {
    const store = new MemoryStore();
    const cache = new GroupCache();
    const rows = batch(400, 90);
    const calls: string[] = [];
    store.hooks = { before: (call) => void calls.push(call.kind) };
    await commitBatch(store, { ...target, rows: rows.slice(0, 60), cache });
    await commitBatch(store, { ...target, rows: rows.slice(60, 200), cache });
    expect(calls).toEqual(['get', 'transact', 'get', 'transact']);
    await commitBatch(store, { ...target, rows: rows.slice(200, 300) });
    calls.length = 0;
    await commitBatch(store, { ...target, rows: rows.slice(250, 350), cache });
    await commitBatch(store, { ...target, rows: rows.slice(350), cache });
    expect(calls).toEqual(['get', 'page', 'transact', 'get', 'page', 'transact']);
    expect(await state(store)).toEqual(await expected(rows));
  });

  it('keeps no more than it may, and is right with what is left', async () => {
    const store = new MemoryStore();
    const cache = new GroupCache(30 * 250);
    const rows = batch(600, 130);
    for (let from = 0; from < 600; from += 50)
      await commitBatch(store, { ...target, rows: rows.slice(from, from + 50), cache });
    expect(await state(store)).toEqual(await expected(rows));
    const tiny = new GroupCache(0);
    const other = new MemoryStore();
    for (let from = 0; from < 600; from += 50)
      await commitBatch(other, { ...target, rows: rows.slice(from, from + 50), cache: tiny });
    expect(await state(other)).toEqual(await expected(rows));
  });

  it('asks for another delivery when other writers are always faster', async () => {
    const store = new MemoryStore();
    let other = 0;
    store.hooks = {
      before: async (call) => {
        if (call.kind !== 'transact') return;
        const mark = (await new Promise<typeof store.hooks>((resolve) => resolve(store.hooks))) as typeof store.hooks;
        store.hooks = {};
        await commitBatch(store, { ...target, rows: [grouped(other++, 3)] });
        store.hooks = mark;
      },
    };
    await expect(commitBatch(store, { ...target, rows: [grouped(100, 3)] })).rejects.toBeInstanceOf(StoreUnavailable);
    expect(other).toBe(10);
  });

  it('lets a rejection through and keeps what was committed before it', async () => {
    let transactions = 0;
    const store = new MemoryStore({
      before: (call) => {
        if (call.kind === 'transact' && ++transactions === 2) throw new StoreRejected('no', 400, 'InvalidInput');
      },
    });
    await expect(commitBatch(store, { ...target, rows: batch(150, 150) })).rejects.toBeInstanceOf(StoreRejected);
    expect(store.dump('state')).toHaveLength(100);
    await commitBatch(store, { ...target, rows: batch(150, 150) });
    expect(await state(store)).toEqual(await expected(batch(150, 150)));
  });

  it('any cuts, redeliveries, two writers and faults give what one batch gives', async () => {
    const delivery = fc.record({
      from: fc.nat(40),
      length: fc.integer({ min: 1, max: 60 }),
      fail: fc.option(fc.nat(12)),
      after: fc.boolean(),
      other: fc.option(fc.nat(60)),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(delivery, { maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        async (deliveries, groups) => {
          const rows = Array.from({ length: 60 }, (_, n) => (n % 5 === 3 ? kept(n) : grouped(n, groups)));
          const store = new MemoryStore();
          let reached = 0;
          const cache = new GroupCache(5000);
          for (const { from, length, fail, after, other } of deliveries) {
            let step = 0;
            const hook = async () => {
              if (step++ !== fail) return;
              store.hooks = {};
              if (other !== null)
                await commitBatch(store, { ...target, rows: rows.slice(0, other), cache: after ? cache : undefined });
              if (after) throw new StoreUnavailable('killed');
            };
            store.hooks = after ? { after: hook } : { before: hook };
            const start = Math.min(from, reached);
            await commitBatch(store, { ...target, rows: rows.slice(start, start + length), cache }).then(
              () => {
                reached = Math.max(reached, start + length);
              },
              (error) => expect(error).toBeInstanceOf(StoreUnavailable),
            );
            store.hooks = {};
          }
          await commitBatch(store, {
            ...target,
            rows: rows.slice(Math.min(reached, 60) > 0 ? Math.max(0, reached - 7) : 0),
          });
          expect(await state(store)).toEqual(await expected(rows));
        },
      ),
      { numRuns: 150 },
    );
  });
});
