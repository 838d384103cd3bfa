import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, RuleCacheFiles } from '../../../cli/offline/rule-cache-files';

const DAY = 86_400_000;
const KEY = 'ab'.repeat(32);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (key: string): string => join(folder, 'build', key.slice(0, 2), `${key}.json`);

describe('files of what was worked out of rules', () => {
  it('give back what was put, to the program that put it and to no other', () => {
    const cache = new RuleCacheFiles(folder, 'build');
    expect(cache.get(KEY)).toBeUndefined();
    cache.put(KEY, { plan: [1, 'é'] });
    expect(new RuleCacheFiles(folder, 'build').get(KEY)).toEqual({ plan: [1, 'é'] });
    expect(new RuleCacheFiles(folder, 'other').get(KEY)).toBeUndefined();
  });

  it('that are damaged count as not there, and are written anew', () => {
    const cache = new RuleCacheFiles(folder, 'build');
    const damages: (() => void)[] = [
      () => writeFileSync(fileOf(KEY), ''),
      () => writeFileSync(fileOf(KEY), '{"plan":"another"}'),
      () => truncateSync(fileOf(KEY), 40),
      () => writeFileSync(fileOf(KEY), `${'0'.repeat(32)}\n{"plan":"another"}`),
    ];
    for (const damage of damages) {
      cache.put(KEY, { plan: 'mine' });
      damage();
      expect(cache.get(KEY)).toBeUndefined();
    }
    cache.put(KEY, { plan: 'mine' });
    expect(cache.get(KEY)).toEqual({ plan: 'mine' });
  });

  it('are not needed: where none can be written, nothing is kept', () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const cache = new RuleCacheFiles(file, 'build');
    cache.put(KEY, 1);
    cache.sweep();
    expect(cache.get(KEY)).toBeUndefined();
  });

  it('go when nobody asked for them in a month', () => {
    const other = 'cd'.repeat(32);
    const at = (now: number): RuleCacheFiles => new RuleCacheFiles(folder, 'build', () => now);
    const start = Date.now();
    at(start).put(KEY, 1);
    at(start).put(other, 2);
    // Asked for after three weeks: kept from then on.
    expect(at(start + 21 * DAY).get(KEY)).toBe(1);
    const later = at(start + 40 * DAY);
    later.put('ef'.repeat(32), 3);
    later.sweep();
    expect(existsSync(fileOf(KEY))).toBe(true);
    expect(existsSync(fileOf(other))).toBe(false);
    expect(readdirSync(folder)).toContain('swept');
  });

  it('lie in the cache of the user, never below the rules', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/c' })).toBe(join('/c', 'outrider', 'rules'));
    expect(cacheFolder({})).toMatch(/\.cache[/\\]outrider[/\\]rules$/);
  });
});
