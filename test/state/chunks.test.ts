import { deleteChunks, joinValue, readValue, splitValue, writeChunks } from '../../src/state/chunks';
import { TornValue } from '../../src/state/errors';
import { MemoryStore } from '../../src/state/memory';
import type { StoredEntity } from '../../src/state/store';
import type { StoredValue } from '../../src/state/values';

jest.setTimeout(60_000);

const long = (bytes: number, seed = 'abcdefghij') => seed.repeat(Math.ceil(bytes / seed.length)).slice(0, bytes);

async function save(store: MemoryStore, value: StoredValue, version: string): Promise<StoredEntity> {
  const { head, chunks } = splitValue('g1', value, version);
  await writeChunks(store, 'state', 'p', chunks);
  await store.transact('state', 'p', [{ kind: 'upsert', rowKey: 'g1', properties: head }]);
  return (await store.get('state', 'p', 'g1'))!;
}

describe('values of any length', () => {
  it.each<[string, StoredValue, number]>([
    ['nothing', '', 1],
    ['a short text', '{"a":1}', 1],
    ['a text as long as stays readable', long(16_384), 1],
    ['a longer text', long(16_385), 1],
    ['a text of one entity to the last byte', long(720_896), 1],
    ['a text of one byte more', long(720_897), 3],
    ['a text of several megabytes', long(5_000_000), 8],
    ['characters of four bytes across every boundary', `x${'😀'.repeat(600_000)}`, 5],
    ['half surrogate pairs', '\ud800x\udc00'.repeat(20_000), 1],
    ['half a surrogate pair, short', 'a\udfffb', 1],
    ['control characters', '\u0000\u0001\uffff', 1],
    ['no bytes', new Uint8Array(), 1],
    ['bytes', new Uint8Array(70_000).fill(7), 1],
    ['many bytes', new Uint8Array(3_000_000).fill(9), 6],
  ])('%s', async (_name, value, entities) => {
    const store = new MemoryStore();
    const head = await save(store, value, '1');
    expect(store.dump('state')).toHaveLength(entities);
    const read = await readValue(store, 'state', head);
    expect(
      read?.value === value || Buffer.from(read!.value as Uint8Array).equals(Buffer.from(value as Uint8Array)),
    ).toBe(true);
  });

  it('notices a missing, a foreign and a damaged chunk', () => {
    const value = long(2_000_000);
    const { head, chunks } = splitValue('g1', value, '1');
    const entities = chunks.map((chunk) => ({ ...chunk, partitionKey: 'p', etag: '' }));
    expect(joinValue('g1', head, [...entities].reverse())).toBe(value);
    expect(() => joinValue('g1', head, entities.slice(1))).toThrow(TornValue);
    const other = splitValue('g1', long(2_000_000, 'zyx'), '2').chunks.map((c) => ({
      ...c,
      partitionKey: 'p',
      etag: '',
    }));
    expect(() => joinValue('g1', head, [entities[0]!, other[1]!, entities[2]!])).toThrow(TornValue);
    const damaged = { ...entities[2]!, properties: { b0: new Uint8Array(10) } };
    expect(() => joinValue('g1', head, [entities[0]!, entities[1]!, damaged])).toThrow(TornValue);
    const altered = { ...entities[0]!, properties: { ...entities[0]!.properties, b3: new Uint8Array(65_536) } };
    expect(() => joinValue('g1', head, [altered, ...entities.slice(1)])).toThrow(TornValue);
    expect(() => joinValue('g1', { ...head, enc: 'other' }, entities)).toThrow(TornValue);
  });

  it('reads the new value when the old one is replaced under the reader', async () => {
    const store = new MemoryStore();
    const old = await save(store, long(2_000_000), '1');
    const next = long(2_100_000, 'new');
    await save(store, next, '2');
    await deleteChunks(
      store,
      'state',
      'p',
      splitValue('g1', long(2_000_000), '1').chunks.map((c) => c.rowKey),
    );
    expect(store.dump('state')).toHaveLength(1 + 3);
    expect((await readValue(store, 'state', old))?.value).toBe(next);
    await store.transact('state', 'p', [{ kind: 'delete', rowKey: 'g1', ifMatch: '*' }]);
    expect(await readValue(store, 'state', old)).toBeUndefined();
  });

  it('gives up on a value whose chunks are gone for good', async () => {
    const store = new MemoryStore();
    const head = await save(store, long(2_000_000), '1');
    await deleteChunks(
      store,
      'state',
      'p',
      splitValue('g1', long(2_000_000), '1').chunks.map((c) => c.rowKey),
    );
    await expect(readValue(store, 'state', head)).rejects.toBeInstanceOf(TornValue);
  });
});
