import fc from 'fast-check';
import { Survivor } from '../../src/streaming/survivor';

const survivor = fc
  .record({
    text: fc.constantFrom('a', 'b', 'c'),
    stamp: fc.oneof(fc.constantFrom(0n, 15n, 16n, 638_000_000_000_000_000n), fc.bigInt({ min: 0n, max: 2n ** 61n })),
    branch: fc.constantFrom(0, 1, 12),
    ordinal: fc.constantFrom(0, 1, 10),
    origin: fc.constantFrom('o', 'p'),
  })
  .map(({ text, stamp, branch, ordinal, origin }) => {
    const event = { table: 'Event', fields: { text }, ingestion: 0n, origin };
    return new Survivor(0, false, [], 'k', event, stamp, branch, ordinal);
  });

describe('the order of rows that came through', () => {
  it('is before another as their texts sort, whether it has been worked out or not', () => {
    fc.assert(
      fc.property(survivor, survivor, (one, other) => {
        const { order } = other;
        const before = one.isBefore(order);
        expect(before).toBe(one.order < order);
        expect(one.isBefore(order)).toBe(before);
      }),
      { numRuns: 2_000 },
    );
  });

  it('tells an event by branch, time, content, origin and ordinal', () => {
    const event = { table: 'Event', fields: { A: 1, TimeGenerated: 't', Type: 'x' }, ingestion: 0n, origin: 'o' };
    const { order } = new Survivor(0, false, [], undefined, event, 255n, 3, 7);
    expect(order).toMatch(/^000300000000000000ff[0-9a-f]{16}o\.000000007$/);
  });
});
