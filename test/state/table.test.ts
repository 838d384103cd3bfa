import { commitBatch } from '../../src/state/commit';
import { AlreadyExists, StoreRejected, StoreUnavailable } from '../../src/state/errors';
import { expireState } from '../../src/state/expire';
import { paneRange, statePartitionKey } from '../../src/state/keys';
import { readState } from '../../src/state/read';
import { type Operation, partitionRange } from '../../src/state/store';
import { TableStore } from '../../src/state/table';
import { type Azurite, startAzurite } from '../support/azurite';
import { type Fault, type FaultProxy, startFaultProxy } from '../support/fault-proxy';
import { storeConformance } from './conformance';

jest.setTimeout(60_000);

let azurite: Azurite;
let store: TableStore;
let tables = 0;

beforeAll(async () => {
  azurite = await startAzurite();
  store = new TableStore({ connectionString: azurite.connectionString });
}, 60_000);
afterAll(() => azurite?.stop());

storeConformance('Table Storage', async () => ({ store, table: `things${tables++}` }));

it('takes values with any character, as rows and as groups', async () => {
  const table = `things${tables++}`;
  const odd = '\u2028 \u2029 \u0000 \ufffe \ud800 \u0085 \u202e';
  const position = (record: number) => ({ sequenceNumber: 1, record, ordinal: 0 });
  await commitBatch(store, {
    table,
    partitionKey: 'p',
    rows: [
      { position: position(0), payload: odd },
      { position: position(1), groupKey: odd, row: odd },
    ],
    fold: (_, rows, groupKey) => JSON.stringify([groupKey, ...rows]),
  });
  const values: unknown[] = [];
  for await (const item of readState(store, table, partitionRange('p'))) if ('value' in item) values.push(item.value);
  expect(values).toEqual([JSON.stringify([odd, odd]), odd]);
});

describe('Table Storage that fails', () => {
  let proxy: FaultProxy;
  let faulty: TableStore;
  let table: string;
  const write: Operation[] = [{ kind: 'create', rowKey: 'r', properties: { v: 'x' } }];
  const failOnce = (fault: Fault) => {
    let failed = false;
    proxy.decide = (_method, path) => {
      if (failed || !path.includes('$batch')) return 'pass';
      failed = true;
      return fault;
    };
  };

  beforeAll(async () => {
    proxy = await startFaultProxy(azurite.tablePort);
  });
  afterAll(() => proxy?.stop());
  beforeEach(async () => {
    table = `faulty${tables++}`;
    const connectionString = azurite.connectionString.replace(`:${azurite.tablePort}/`, `:${proxy.port}/`);
    faulty = new TableStore({ connectionString, timeoutMs: 500, readRetries: 1 });
    proxy.decide = () => 'pass';
    await faulty.get(table, 'p', 'nothing');
  });

  it.each<[string, Fault, boolean]>([
    ['a reset before it was applied', 'reset-before', false],
    ['a reset after it was applied', 'reset-after', true],
    ['a timeout before it was applied', 'hang-before', false],
    ['a timeout after it was applied', 'hang-after', true],
    ['503', { status: 503, code: 'ServerBusy' }, false],
    ['500', { status: 500, code: 'OperationTimedOut' }, false],
  ])('%s is unavailable, and the transaction is not repeated', async (_name, fault, applied) => {
    failOnce(fault);
    const before = proxy.requests;
    await expect(faulty.transact(table, 'p', write)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(proxy.requests - before).toBe(1);
    expect((await store.get(table, 'p', 'r')) !== undefined).toBe(applied);
  });

  it('429 carries the delay that was asked for', async () => {
    failOnce({ status: 429, headers: { 'Retry-After': '7' } });
    await expect(faulty.transact(table, 'p', write)).rejects.toMatchObject({
      name: 'StoreUnavailable',
      retryAfter: 7000,
    });
  });

  it.each([400, 403, 413])('%d is rejected', async (status) => {
    failOnce({ status, code: 'Whatever' });
    const rejected = await faulty.transact(table, 'p', write).catch((error) => error);
    expect(rejected).toBeInstanceOf(StoreRejected);
    expect(rejected).toMatchObject({ status, code: 'Whatever' });
  });

  it('tells another writer from the table being removed', async () => {
    await faulty.transact(table, 'p', write);
    await expect(faulty.transact(table, 'p', write)).rejects.toBeInstanceOf(AlreadyExists);
    failOnce({ status: 409, code: 'TableBeingDeleted' });
    await expect(faulty.transact(table, 'p', write)).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it('repeats a read', async () => {
    await faulty.transact(table, 'p', write);
    let failed = false;
    proxy.decide = () => {
      if (failed) return 'pass';
      failed = true;
      return 'reset-before';
    };
    expect((await faulty.get(table, 'p', 'r'))?.properties).toEqual({ v: 'x' });
  });

  it('tries again to create a table that could not be created', async () => {
    proxy.decide = () => ({ status: 403, code: 'AuthorizationFailure' });
    await expect(faulty.get('late1', 'p', 'r')).rejects.toBeInstanceOf(StoreRejected);
    proxy.decide = () => 'pass';
    expect(await faulty.get('late1', 'p', 'r')).toBeUndefined();
  });

  it('counts each row once whichever request of a commit is cut, before or after it was applied', async () => {
    const rows = Array.from({ length: 150 }, (_, n) => ({
      position: { sequenceNumber: n, record: 0, ordinal: 0 },
      groupKey: `k${n % 120}`,
      row: n,
    }));
    const fold = (stored: string | undefined, added: readonly number[]) =>
      JSON.stringify([...(stored ? JSON.parse(stored) : []), ...added]);
    let cuts = 0;
    for (const fault of ['reset-before', 'reset-after'] as const)
      for (let n = 0; ; n++) {
        const commit = { table, partitionKey: `${fault}${n}`, rows, fold };
        let left = n;
        proxy.decide = (_method, path) => (path.includes('$batch') && left-- === 0 ? fault : 'pass');
        const failed = await commitBatch(faulty, commit).catch((error) => error);
        proxy.decide = () => 'pass';
        if (!(failed instanceof StoreUnavailable)) break;
        cuts++;
        await commitBatch(faulty, commit);
        const counted: number[] = [];
        for await (const item of readState(store, table, partitionRange(commit.partitionKey)))
          if (item.kind === 'group') counted.push(...JSON.parse(item.value));
        expect(counted.sort((a, b) => a - b)).toEqual(rows.map((row) => row.row));
      }
    expect(cuts).toBe(4);
  });
});

it("tells the service's time, also of what it has written", async () => {
  const time = await store.time!('clocked');
  expect(Math.abs(time! - Date.now())).toBeLessThan(5_000);
  const written = await store.transact('clocked', 'p', [{ kind: 'upsert', rowKey: 'r', properties: {} }]);
  expect(written).toHaveLength(1);
  expect(Math.abs(written.time! - Date.now())).toBeLessThan(5_000);
});

describe('Table Storage out of reach', () => {
  it('is unavailable when nothing listens', async () => {
    const connectionString = azurite.connectionString.replace(/:\d+\/devstoreaccount1/g, ':1/devstoreaccount1');
    const gone = new TableStore({ connectionString, readRetries: 0 });
    await expect(gone.get('things', 'p', 'r')).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(
      gone.transact('things', 'p', [{ kind: 'upsert', rowKey: 'r', properties: {} }]),
    ).rejects.toBeInstanceOf(StoreUnavailable);
  });
});

describe('state on Table Storage', () => {
  it('commits, reads and expires the panes of a window, values of several megabytes among them', async () => {
    const table = `state${tables++}`;
    const fold = (stored: string | undefined, rows: readonly string[]) => (stored ?? '') + rows.join('');
    const stateHash = '0123456789abcdef';
    const part = (paneStart: number, hubPartition: string) =>
      statePartitionKey({ stateHash, paneStart, source: '0'.repeat(20), hubPartition });
    const rows = [0, 1, 2].map((n) => ({
      position: { sequenceNumber: n, record: 0, ordinal: 0 },
      groupKey: 'big',
      row: String(n).repeat(900_000),
    }));
    for (const [pane, hubPartition] of [
      [0, '0'],
      [300_000, '1'],
      [600_000, '0'],
    ] as const)
      for (const row of rows)
        await commitBatch(store, { table, partitionKey: part(pane, hubPartition), rows: [row], fold });
    const found = [];
    for await (const item of readState(store, table, paneRange(stateHash, 0, 600_000)))
      if (item.kind === 'group') found.push(item);
    expect(found.map((item) => item.partitionKey)).toEqual([part(0, '0'), part(300_000, '1')]);
    const want = rows.map((row) => row.row).join('');
    expect(found.every((item) => item.value === want)).toBe(true);
    let deleted = 0;
    let calls = 0;
    for (let n = 2; n === 2; deleted += n, calls++)
      n = await expireState(store, table, paneRange(stateHash, 0, 600_000), 2);
    expect(deleted).toBe(2 * (1 + 1 + 4));
    expect(calls).toBeGreaterThan(5);
    const left = [];
    for await (const item of readState(store, table, paneRange(stateHash, 0, 900_000))) left.push(item.partitionKey);
    expect(left).toEqual([part(600_000, '0'), part(600_000, '0')]);
  });
});
