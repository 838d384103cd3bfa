import { SampleRing } from '../../../cli/board/sample-ring';

describe('the sample', () => {
  it('keeps the last messages within its bounds of number, bytes and age', () => {
    let now = 0;
    const ring = new SampleRing({ messages: 3, bytes: 10, ms: 100 }, () => now);
    const texts = (): string[] => ring.bodies().map((body) => Buffer.from(body).toString());
    for (const text of ['a', 'b', 'c', 'd']) ring.add(Buffer.from(text));
    expect(texts()).toEqual(['b', 'c', 'd']);
    ring.add(Buffer.from('123456789'));
    expect(texts()).toEqual(['d', '123456789']);
    now = 101;
    expect(texts()).toEqual([]);
    ring.add(Buffer.from('e'));
    expect(texts()).toEqual(['e']);
    ring.add(Buffer.alloc(11));
    expect(texts()).toEqual([]);
  });

  it('lets go of what it no longer holds', () => {
    const ring = new SampleRing({ messages: 10, bytes: 1_000_000, ms: 1_000_000 });
    for (let i = 0; i < 5_000; i++) ring.add(Buffer.from(String(i)));
    expect(ring.bodies().map(String).at(-1)).toBeDefined();
    expect(ring.bodies()).toHaveLength(10);
    expect(Reflect.get(ring, 'kept')).toHaveProperty('length', expect.any(Number));
    expect((Reflect.get(ring, 'kept') as unknown[]).length).toBeLessThan(2_100);
  });
});
