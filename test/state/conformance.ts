import { AlreadyExists, LimitExceeded, NotFound, PreconditionFailed, StoreRejected } from '../../src/state/errors';
import {
  type EntityRange,
  type EntityStore,
  type Operation,
  partitionRange,
  type StoredEntity,
} from '../../src/state/store';

async function collect(
  store: EntityStore,
  table: string,
  range: EntityRange,
  pageSize?: number,
): Promise<StoredEntity[]> {
  const all: StoredEntity[] = [];
  for await (const page of store.query(table, range, pageSize)) all.push(...page);
  return all;
}

function creates(count: number, properties: (i: number) => Operation & { kind: 'create' }): Operation[] {
  return Array.from({ length: count }, (_, i) => properties(i));
}

/** What every implementation of EntityStore must do. `open` gives an empty store each time it is called, or one table name more. */
export function storeConformance(name: string, open: () => Promise<{ store: EntityStore; table: string }>): void {
  describe(`entity store: ${name}`, () => {
    let store: EntityStore;
    let table: string;
    beforeEach(async () => {
      ({ store, table } = await open());
    });

    it('gives back every type of value exactly', async () => {
      const properties = {
        text: 'é 日本 😀 "quoted" \\ \n\t end',
        empty: '',
        number: 1.5,
        whole: 5_000_000_000,
        zero: 0,
        small: -1e-300,
        large: 1.7976931348623157e308,
        big: 9_007_199_254_740_993n,
        lowest: -(2n ** 63n),
        yes: true,
        no: false,
        bytes: new Uint8Array([0, 1, 254, 255]),
        looksLikeNumber: '12',
        looksLikeDate: '2019-04-30T20:35:11.8560890Z',
        odd: "it's 'quoted'",
      };
      const [etag] = await store.transact(table, "p'q", [{ kind: 'create', rowKey: "r's %25 ü", properties }]);
      const entity = await store.get(table, "p'q", "r's %25 ü");
      expect(entity).toEqual({ partitionKey: "p'q", rowKey: "r's %25 ü", etag, properties: expect.anything() });
      expect(normal(entity!)).toEqual(properties);
      const [queried] = await collect(store, table, partitionRange("p'q"));
      expect(queried?.etag).toBe(etag);
      expect(normal(queried!)).toEqual(properties);
    });

    it('has nothing where nothing was written', async () => {
      expect(await store.get(table, 'p', 'r')).toBeUndefined();
      expect(await collect(store, table, partitionRange('p'))).toEqual([]);
    });

    it('creates once, upserts and replaces whole entities', async () => {
      await store.transact(table, 'p', [{ kind: 'create', rowKey: 'r', properties: { a: 'x', b: 'y' } }]);
      const again = store.transact(table, 'p', [{ kind: 'create', rowKey: 'r', properties: { a: 'z' } }]);
      await expect(again).rejects.toBeInstanceOf(AlreadyExists);
      expect((await store.get(table, 'p', 'r'))?.properties).toEqual({ a: 'x', b: 'y' });
      const [upserted] = await store.transact(table, 'p', [{ kind: 'upsert', rowKey: 'r', properties: { c: 'z' } }]);
      expect((await store.get(table, 'p', 'r'))?.properties).toEqual({ c: 'z' });
      const [replaced] = await store.transact(table, 'p', [
        { kind: 'replace', rowKey: 'r', properties: { d: 'w' }, ifMatch: upserted! },
      ]);
      expect(replaced).not.toBe(upserted);
      expect(await store.get(table, 'p', 'r')).toMatchObject({ etag: replaced, properties: { d: 'w' } });
    });

    it('gives a new ETag to a write that changes nothing', async () => {
      const write: Operation[] = [{ kind: 'upsert', rowKey: 'r', properties: { a: 'x' } }];
      const [first] = await store.transact(table, 'p', write);
      await new Promise((resolve) => setTimeout(resolve, 2));
      const [second] = await store.transact(table, 'p', write);
      expect(second).not.toBe(first);
    });

    it('refuses a stale ETag for replace and delete, alone and beside others', async () => {
      const [stale] = await store.transact(table, 'p', [{ kind: 'create', rowKey: 'r', properties: { v: 'old' } }]);
      await store.transact(table, 'p', [{ kind: 'upsert', rowKey: 'r', properties: { v: 'new' } }]);
      const other: Operation = { kind: 'upsert', rowKey: 'other', properties: { v: 'x' } };
      const replace: Operation = { kind: 'replace', rowKey: 'r', properties: { v: 'mine' }, ifMatch: stale! };
      const remove: Operation = { kind: 'delete', rowKey: 'r', ifMatch: stale! };
      for (const operations of [[replace], [remove], [other, replace], [other, remove]])
        await expect(store.transact(table, 'p', operations)).rejects.toBeInstanceOf(PreconditionFailed);
      expect((await store.get(table, 'p', 'r'))?.properties).toEqual({ v: 'new' });
      expect(await store.get(table, 'p', 'other')).toBeUndefined();
    });

    it('says NotFound for a replace or delete of nothing', async () => {
      const [etag] = await store.transact(table, 'p', [{ kind: 'create', rowKey: 'there', properties: {} }]);
      const operations: Operation[] = [
        { kind: 'replace', rowKey: 'r', properties: {}, ifMatch: '*' },
        { kind: 'replace', rowKey: 'r', properties: {}, ifMatch: etag! },
        { kind: 'delete', rowKey: 'r', ifMatch: '*' },
        { kind: 'delete', rowKey: 'r', ifMatch: etag! },
      ];
      for (const operation of operations)
        await expect(store.transact(table, 'p', [operation])).rejects.toBeInstanceOf(NotFound);
    });

    it('deletes with its ETag and with any', async () => {
      const [a, , c] = await store.transact(table, 'p', [
        { kind: 'create', rowKey: 'a', properties: {} },
        { kind: 'create', rowKey: 'b', properties: {} },
        { kind: 'create', rowKey: 'c', properties: {} },
      ]);
      const etags = await store.transact(table, 'p', [
        { kind: 'upsert', rowKey: 'd', properties: { v: 'x' } },
        { kind: 'delete', rowKey: 'a', ifMatch: a! },
        { kind: 'replace', rowKey: 'c', properties: { v: 'y' }, ifMatch: c! },
        { kind: 'delete', rowKey: 'b', ifMatch: '*' },
      ]);
      expect(etags).toEqual([expect.any(String), undefined, expect.any(String), undefined]);
      const left = await collect(store, table, partitionRange('p'));
      expect(left.map(({ rowKey, etag }) => [rowKey, etag])).toEqual([
        ['c', etags[2]],
        ['d', etags[0]],
      ]);
    });

    it('applies all of a transaction or nothing', async () => {
      await store.transact(table, 'p', [{ kind: 'create', rowKey: 'there', properties: {} }]);
      const operations: Operation[] = [
        { kind: 'create', rowKey: 'a', properties: {} },
        { kind: 'delete', rowKey: 'there', ifMatch: '*' },
        { kind: 'create', rowKey: 'b', properties: {} },
        { kind: 'replace', rowKey: 'missing', properties: {}, ifMatch: '*' },
      ];
      await expect(store.transact(table, 'p', operations)).rejects.toBeInstanceOf(NotFound);
      expect((await collect(store, table, partitionRange('p'))).map((e) => e.rowKey)).toEqual(['there']);
    });

    it('gives the ETags of 100 mixed operations in the order of the operations', async () => {
      await store.transact(
        table,
        'p',
        creates(50, (i) => ({ kind: 'create', rowKey: `old${i}`, properties: { i } })),
      );
      const operations: Operation[] = [];
      for (let i = 0; i < 50; i++) {
        operations.push({ kind: 'upsert', rowKey: `old${i}`, properties: { i: i + 1 } });
        operations.push({ kind: 'create', rowKey: `new${i}`, properties: { i } });
      }
      const etags = await store.transact(table, 'p', operations);
      for (const i of [0, 1, 37, 98, 99])
        expect((await store.get(table, 'p', operations[i]!.rowKey))?.etag).toBe(etags[i]);
    });

    it('queries ranges in order, in pages, with bounds on both keys', async () => {
      for (const partitionKey of ['b', 'a', 'c', 'ab', 'B']) {
        const operations = creates(5, (i) => ({
          kind: 'create',
          rowKey: `r${4 - i}`,
          properties: { at: partitionKey, i },
        }));
        await store.transact(table, partitionKey, operations);
      }
      const keys = (entities: StoredEntity[]) => entities.map((e) => e.partitionKey + e.rowKey);
      const range = { partitionFrom: 'a', partitionTo: 'c', rowFrom: 'r1', rowTo: 'r3' };
      const expected = ['ar1', 'ar2', 'abr1', 'abr2', 'br1', 'br2'];
      expect(keys(await collect(store, table, range))).toEqual(expected);
      for (const pageSize of [1, 2, 3, 4]) expect(keys(await collect(store, table, range, pageSize))).toEqual(expected);
      expect(keys(await collect(store, table, partitionRange('a')))).toEqual(['ar0', 'ar1', 'ar2', 'ar3', 'ar4']);
      expect(keys(await collect(store, table, { partitionFrom: 'A', partitionTo: 'Z' }))).toHaveLength(5);
    });

    it('gives only the selected properties, with keys and ETag', async () => {
      const [etag] = await store.transact(table, 'p', [
        { kind: 'create', rowKey: 'r', properties: { a: 'x', b: 'y' } },
      ]);
      expect(await collect(store, table, { ...partitionRange('p'), select: ['b'] })).toEqual([
        { partitionKey: 'p', rowKey: 'r', etag, properties: { b: 'y' } },
      ]);
    });

    it('pages over more than a thousand entities', async () => {
      for (let t = 0; t < 11; t++)
        await store.transact(
          table,
          'p',
          creates(100, (i) => ({ kind: 'create', rowKey: String(t * 100 + i).padStart(5, '0'), properties: { i } })),
        );
      const found = await collect(store, table, partitionRange('p'));
      expect(found.map((e) => Number(e.rowKey))).toEqual(Array.from({ length: 1100 }, (_, i) => i));
    });

    it('keeps the largest values and transactions that the limits allow', async () => {
      const properties = Object.fromEntries(
        Array.from({ length: 15 }, (_, i) => [`p${i}`, new Uint8Array(65_536).fill(i)]),
      );
      const text = { t: '\u20ac'.repeat(32_768) };
      await store.transact(table, 'p', [
        ...creates(2, (i) => ({ kind: 'create', rowKey: `big${i}`, properties })),
        { kind: 'create', rowKey: 'text', properties: text },
      ]);
      expect((await store.get(table, 'p', 'text'))?.properties).toEqual(text);
      expect(normal((await store.get(table, 'p', 'big1'))!)).toEqual(properties);
    });

    it.each<[string, Operation[], new (...args: never[]) => Error]>([
      ['101 entities', creates(101, (i) => ({ kind: 'create', rowKey: `r${i}`, properties: {} })), LimitExceeded],
      ['a long string', [{ kind: 'create', rowKey: 'r', properties: { t: 'x'.repeat(32_769) } }], LimitExceeded],
      ['long bytes', [{ kind: 'create', rowKey: 'r', properties: { t: new Uint8Array(65_537) } }], LimitExceeded],
      ['a large entity', [{ kind: 'create', rowKey: 'r', properties: strings(17, 31_000) }], LimitExceeded],
      [
        'a large transaction',
        creates(5, (i) => ({ kind: 'create', rowKey: `${i}`, properties: bytes(14) })),
        LimitExceeded,
      ],
      ['253 properties', [{ kind: 'create', rowKey: 'r', properties: strings(253, 1) }], LimitExceeded],
      ['a long key', [{ kind: 'create', rowKey: 'r'.repeat(513), properties: {} }], LimitExceeded],
      ['/ in a key', [{ kind: 'create', rowKey: 'a/b', properties: {} }], StoreRejected],
      ['a backslash in a key', [{ kind: 'create', rowKey: 'a\\b', properties: {} }], StoreRejected],
      ['# in a key', [{ kind: 'create', rowKey: 'a#b', properties: {} }], StoreRejected],
      ['? in a key', [{ kind: 'delete', rowKey: 'a?b', ifMatch: '*' }], StoreRejected],
      ['a control character in a key', [{ kind: 'create', rowKey: 'a\u0085b', properties: {} }], StoreRejected],
      ['half a surrogate pair in a key', [{ kind: 'create', rowKey: 'a\ud800', properties: {} }], StoreRejected],
      [
        'a property named __proto__',
        [{ kind: 'create', rowKey: 'r', properties: JSON.parse('{"__proto__":"x"}') }],
        StoreRejected,
      ],
      ['a property named etag', [{ kind: 'create', rowKey: 'r', properties: { etag: 'x' } }], StoreRejected],
      ['not a number', [{ kind: 'create', rowKey: 'r', properties: { n: Number.NaN } }], StoreRejected],
      ['65 bits', [{ kind: 'create', rowKey: 'r', properties: { n: 2n ** 63n } }], StoreRejected],
      ['one row twice', [0, 1].map(() => ({ kind: 'upsert', rowKey: 'r', properties: {} })), StoreRejected],
      ['no operation', [], StoreRejected],
    ])('refuses %s before it writes anything', async (_name, operations, error) => {
      await expect(store.transact(table, 'p', operations)).rejects.toBeInstanceOf(error);
      expect(await collect(store, table, partitionRange('p'))).toEqual([]);
    });
  });
}

function strings(count: number, length: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, 'x'.repeat(length)]));
}

function bytes(count: number): Record<string, Uint8Array> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, new Uint8Array(65_536)]));
}

/** Byte arrays of any subclass as plain ones, so that they compare. */
function normal(entity: StoredEntity): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entity.properties).map(([k, v]) => [k, v instanceof Uint8Array ? Uint8Array.from(v) : v]),
  );
}
