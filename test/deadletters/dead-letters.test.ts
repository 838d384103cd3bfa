import { BlobBodies } from '../../src/deadletters/blob-bodies';
import type { BodyStore } from '../../src/deadletters/bodies';
import { DeadLetters } from '../../src/deadletters/dead-letters';
import type { DeadLetter } from '../../src/deadletters/record';
import { StoreUnavailable } from '../../src/state/errors';
import { MemoryStore } from '../../src/state/memory';
import type { EntityStore } from '../../src/state/store';
import { TableStore } from '../../src/state/table';
import { type Azurite, startAzurite } from '../support/azurite';
import { MemoryBodies } from '../support/memory-bodies';

jest.setTimeout(60_000);

const DAY = 86_400_000;
const START = Date.parse('2026-01-01T10:00:00Z');
const letter = (n: number, more: Partial<DeadLetter> = {}): DeadLetter => ({
  source: 'ns.servicebus.windows.net/events',
  partition: '0',
  sequenceNumber: n,
  record: 0,
  enqueuedTime: START,
  reason: 'invalid-json',
  detail: 'line 1',
  storedAt: START + 1000,
  body: `{"n":${n}`,
  ...more,
});

function suite(open: () => { store: EntityStore; bodies: BodyStore; table: string }): void {
  let letters: DeadLetters;
  beforeEach(() => {
    const { store, table, bodies } = open();
    letters = new DeadLetters(store, table, bodies);
  });

  it('keeps what is needed to know and to try again', async () => {
    const bytes = new Uint8Array([0, 255, 128, 1]);
    const written = [
      letter(1),
      letter(2, { reason: 'rule-failed', ruleId: 'rule/1', record: 7, partition: '$odd/1', detail: 'd'.repeat(5000) }),
      letter(3, { body: bytes }),
      letter(4, { body: 'x'.repeat(2_000_000) }),
      letter(5, { body: new Uint8Array(100_000).fill(3) }),
      letter(6, { body: '\ud800\u0000' }),
      letter(7, { body: '' }),
    ];
    await letters.write(written);
    const { letters: listed, next } = await letters.list();
    expect(next).toBeUndefined();
    expect(listed).toHaveLength(7);
    const found = await Promise.all(listed.map(({ id }) => letters.get(id)));
    const bySequence = [...found].sort((a, b) => a!.sequenceNumber - b!.sequenceNumber);
    expect(bySequence).toEqual(
      written.map((l) => ({
        ...l,
        id: expect.any(String),
        detail: l.detail.slice(0, 2000),
        body: expect.anything(),
        length: Buffer.byteLength(l.body === '\ud800\u0000' ? 'four' : l.body),
      })),
    );
    const plain = (body: string | Uint8Array) => (typeof body === 'string' ? body : [...body].join());
    expect(bySequence.map((l) => plain(l!.body))).toEqual(written.map((l) => plain(l.body)));
  });

  it('is one, however often it is written, and one for each rule', async () => {
    const rules = [
      letter(1),
      letter(1, { ruleId: 'a' }),
      letter(1, { ruleId: 'b' }),
      letter(1, { record: 1 }),
      letter(1, { partition: '1' }),
    ];
    await letters.write([...rules, ...rules]);
    await letters.write(rules);
    expect((await letters.list()).letters).toHaveLength(5);
  });

  it('stands for the legs and the records of both where it is written again', async () => {
    const rule = { reason: 'rule-failed', ruleId: 'a' } as const;
    await letters.write([letter(1, { ...rule, countedLegs: ['x', 'y'] })]);
    await letters.write([letter(1, { ...rule, countedLegs: ['y', 'z'] })]);
    await letters.write([letter(1, rule)]);
    expect((await letters.list()).letters).toEqual([expect.objectContaining({ countedLegs: ['x', 'y', 'z'] })]);

    const part = (legs: string[], ...records: number[]) => ({ reason: 'rule-failed', countedLegs: legs, records });
    const whole = (...parts: ReturnType<typeof part>[]) =>
      letter(2, { ...rule, isWholeMessage: true, body: '[…]', parts: { total: 9, parts } });
    await letters.write([whole(part(['x'], 0, 1, 2))]);
    await letters.write([whole(part(['y'], 1, 2, 3))]);
    // Of a version that failed on the first record alone.
    await letters.write([letter(2, { ...rule, countedLegs: ['z'], body: '{}' })]);
    const { id } = (await letters.list()).letters.find(({ sequenceNumber }) => sequenceNumber === 2)!;
    expect(await letters.get(id)).toMatchObject({
      body: '[…]',
      recordCount: 4,
      isWholeMessage: true,
      parts: { total: 9, parts: [part(['x', 'z'], 0), part(['x', 'y'], 1, 2), part(['y'], 3)] },
    });
    await letters.replace(id, whole(part(['y'], 3)));
    expect((await letters.get(id))?.parts?.parts).toEqual([part(['y'], 3)]);
  });

  it('lists in pages over days, and days alone', async () => {
    const all = Array.from({ length: 23 }, (_, n) => letter(n, { enqueuedTime: START + Math.floor(n / 8) * DAY }));
    await letters.write(all);
    const seen: number[] = [];
    let after: string | undefined;
    let pages = 0;
    do {
      const page = await letters.list({ pageSize: 5, after });
      seen.push(...page.letters.map((l) => l.sequenceNumber));
      after = page.next;
      pages++;
    } while (after);
    expect(seen).toEqual(all.map((l) => l.sequenceNumber));
    expect(pages).toBe(5);
    const second = await letters.list({ from: START + DAY, to: START + 2 * DAY });
    expect(second.letters.map((l) => l.sequenceNumber)).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
    await expect(letters.list({ after: 'nonsense' })).rejects.toThrow(RangeError);
  });

  it('deletes one with its body', async () => {
    await letters.write([letter(1, { body: 'x'.repeat(200_000) }), letter(2)]);
    const { id } = (await letters.list()).letters[0]!;
    await letters.delete(id);
    await letters.delete(id);
    expect(await letters.get(id)).toBeUndefined();
    expect(await letters.get('nonsense')).toBeUndefined();
    expect((await letters.list()).letters.map((l) => l.sequenceNumber)).toEqual([2]);
  });
}

describe('dead letters in memory', () => {
  let bodies: MemoryBodies;
  let store: MemoryStore;
  const open = () => {
    bodies = new MemoryBodies();
    store = new MemoryStore();
    return { store, bodies, table: 'deadletters' };
  };
  suite(open);

  it('go in bounded steps when their day is over, bodies included', async () => {
    open();
    const letters = new DeadLetters(store, 'deadletters', bodies);
    const body = 'x'.repeat(100_000);
    await letters.write(Array.from({ length: 30 }, (_, n) => letter(n, { enqueuedTime: START + (n % 3) * DAY, body })));
    expect(bodies.bodies.size).toBe(30);
    expect(await letters.expire(START, 100)).toBe(0);
    const steps: number[] = [];
    do steps.push(await letters.expire(START + 2 * DAY, 8));
    while (steps.at(-1) === 8);
    expect(steps).toEqual([8, 8, 4]);
    expect(bodies.bodies.size).toBe(10);
    expect((await letters.list()).letters.map((l) => l.sequenceNumber % 3)).toEqual(Array(10).fill(2));
  });

  it('are united too where another process writes between the reading and the writing', async () => {
    open();
    const letters = new DeadLetters(store, 'deadletters', bodies);
    const of = (leg: string) => letter(1, { reason: 'rule-failed', ruleId: 'a', countedLegs: [leg] });
    for (const [own, other] of [
      ['x', 'y'],
      ['z', 'w'],
    ] as const) {
      let isFirst = true;
      store.hooks = {
        before: async (call) => {
          if (call.kind !== 'transact' || !isFirst) return;
          isFirst = false;
          await letters.write([of(other)]);
        },
      };
      await letters.write([of(own)]);
    }
    expect((await letters.list()).letters[0]!.countedLegs).toEqual(['w', 'x', 'y', 'z']);
  });

  it('have a body for every entity, whichever step fails', async () => {
    for (const where of ['before', 'after'] as const) {
      open();
      const letters = new DeadLetters(store, 'deadletters', bodies);
      store.hooks = {
        [where]: () => {
          throw new StoreUnavailable('down');
        },
      };
      const write = () => letters.write([letter(1, { body: 'x'.repeat(100_000) })]);
      await expect(write()).rejects.toBeInstanceOf(StoreUnavailable);
      store.hooks = {};
      for (const { id } of (await letters.list()).letters) expect((await letters.get(id))?.body).toHaveLength(100_000);
      await write();
      expect((await letters.list()).letters).toHaveLength(1);
    }
  });
});

describe('dead letters on Table and Blob Storage', () => {
  let azurite: Azurite;
  let store: TableStore;
  let number = 0;
  beforeAll(async () => {
    azurite = await startAzurite();
    store = new TableStore({ connectionString: azurite.connectionString });
  }, 60_000);
  afterAll(() => azurite?.stop());

  suite(() => {
    const { connectionString } = azurite;
    const name = `deadletters${number++}`;
    return { store, table: name, bodies: new BlobBodies({ connectionString, container: name }) };
  });

  it('are unavailable when the blob service is', async () => {
    const connectionString = azurite.connectionString.replace(`:${azurite.blobPort}/`, ':1/');
    const letters = new DeadLetters(
      store,
      `deadletters${number++}`,
      new BlobBodies({ connectionString, container: 'bodies' }),
    );
    await expect(letters.write([letter(1, { body: 'x'.repeat(100_000) })])).rejects.toBeInstanceOf(StoreUnavailable);
    expect((await letters.list()).letters).toEqual([]);
  });
});
