import { GroupCache, KnownGroups } from '../../src/state/group-cache';
import type { Mark } from '../../src/state/mark';

const mark = (etag: string, groups: number): Mark => ({ etag, groups, rows: 0 }) as Mark;
const group = (value: string) => ({ value, rowKey: 'g', chunks: [] });

function filled(cache: GroupCache, partition: string, groups: number): void {
  const known = new KnownGroups(true);
  for (let i = 0; i < groups; i++) known.touch(`g${i}`, group('x'.repeat(100)));
  cache.keep(partition, known, mark('2', groups));
}

describe('the cache of groups', () => {
  it('does not go through all groups of a partition for a batch that touches one', () => {
    const cache = new GroupCache();
    filled(cache, 'p', 1000);
    let read = 0;
    const { known } = cache.take('p')!;
    for (let i = 0; i < 1000; i++) {
      const counted = {
        rowKey: 'g',
        chunks: [],
        get value() {
          read++;
          return 'x';
        },
      };
      known.touch(`g${i}`, counted);
    }
    read = 0;
    known.touch('g7', group('y'));
    cache.keep('p', known, mark('3', 1000));
    expect(read).toBeLessThan(5);
    expect(cache.take('p')).toMatchObject({ mark: { etag: '3' } });
    cache.keep('p', known, mark('4', 1000));
    expect(cache.take('p')!.known.get('g7')?.value).toBe('y');
  });

  it('forgets the longest untouched of the longest unused partition, and is not complete then', () => {
    const cache = new GroupCache(20_000);
    filled(cache, 'a', 30);
    filled(cache, 'b', 30);
    const a = cache.take('a')!.known;
    expect(a.complete).toBe(false);
    expect(a.has('g0')).toBe(false);
    expect(a.has('g29')).toBe(true);
    const b = cache.take('b')!.known;
    expect(b.complete).toBe(true);
    expect(a.bytes + b.bytes).toBeLessThanOrEqual(20_000);
  });
});
