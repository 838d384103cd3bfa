import fc from 'fast-check';
import { compareRows, isSame } from '../../cli/testing/compare';
import { deliveries, randomFrom } from '../../cli/testing/delivery';
import type { ExpectedRow } from '../../cli/testing/test-case';

const row = (columns: Record<string, string | null>): ExpectedRow => ({
  columns: new Map(Object.entries(columns)),
  at: { line: 1, column: 1 },
});

describe('comparing rows', () => {
  it('matches as many rows as can be matched, in any order', () => {
    const result = compareRows(
      [row({ a: '1' }), row({ a: '1', b: '2' })],
      [
        { a: 1, b: 2 },
        { a: 1, b: 3 },
      ],
      false,
    );
    expect(result).toEqual({ different: [], missing: [], unexpected: [] });
  });

  it('pairs what is left with what comes nearest', () => {
    const { different, missing, unexpected } = compareRows(
      [row({ a: '1', b: '2', c: '3' })],
      [
        { a: 9, b: 9, c: 9 },
        { a: 1, b: 2, c: 4 },
      ],
      false,
    );
    expect(different.map(({ differences }) => differences)).toEqual([[{ column: 'c', expected: '3', actual: 4 }]]);
    expect(missing).toEqual([]);
    expect(unexpected).toEqual([{ a: 9, b: 9, c: 9 }]);
  });

  it('finds no difference between a list of rows and itself, shuffled', () => {
    const rows = fc.array(fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.constantFrom('x', 'y', '')), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(rows, fc.integer(), (list, seed) => {
        const random = randomFrom(seed);
        const shuffled = list.map((item) => ({ item, at: random() })).sort((a, b) => a.at - b.at);
        const expected = list.map((item) => ({ columns: new Map(Object.entries(item)), at: { line: 1, column: 1 } }));
        const result = compareRows(
          expected,
          shuffled.map(({ item }) => item),
          true,
        );
        expect(result).toEqual({ different: [], missing: [], unexpected: [] });
      }),
    );
  });

  it('takes a value by what it means', () => {
    expect(isSame('2024-01-01T10:00:00Z', '2024-01-01T10:00:00.0000000Z')).toBe(true);
    expect(isSame('2024-01-01T10:00:00Z', '2024-01-01T10:00:00.0000001Z')).toBe(false);
    expect(isSame('1.50', 1.5)).toBe(true);
    expect(isSame('true', true)).toBe(true);
    expect(isSame('', null)).toBe(false);
    expect(isSame(null, null)).toBe(true);
    expect(isSame(null, '')).toBe(false);
    expect(isSame('1', '1.0')).toBe(false);
    expect(isSame(['a', '2'], ['a', 2])).toBe(true);
    expect(isSame({ x: ['1'] }, { x: [1] })).toBe(true);
    expect(isSame({ x: '1' }, { x: 1, y: 2 })).toBe(false);
    expect(isSame('{"b":1,"a":2}', { a: 2, b: 1 })).toBe(true);
  });
});

describe('deliveries', () => {
  it('bring every message at least once, each partition in order from where it is taken up', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer(),
        (count, again, seed) => {
          const all = deliveries(count, again, randomFrom(seed));
          expect(new Set(all.flatMap(({ messages }) => messages)).size).toBe(count);
          for (const { messages } of all) expect([...messages].sort((a, b) => a - b)).toEqual(messages);
          const partitionOf = new Map(
            all.flatMap(({ partition, messages }) => messages.map((message) => [message, partition] as const)),
          );
          for (const { partition, messages } of all)
            for (const message of messages) expect(partitionOf.get(message)).toBe(partition);
        },
      ),
    );
  });
});
