import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(__dirname, '../..');
const modules = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map(({ name }) => basename(name, '.ts'));
const imported = (path: string): Set<string> =>
  new Set([...readFileSync(join(root, path), 'utf8').matchAll(/from '\.\/([\w-]+)'/g)].map(([, name]) => name!));

/** What CONTRIBUTING.md calls one file and one line: a file that nobody registers would be dead without a word. */
describe('adding one thing is one file and one line', () => {
  const domains = readdirSync(join(root, 'src/kql/functions'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'support')
    .map(({ name }) => `src/kql/functions/${name}`);

  it.each([
    ...domains.map((folder) => [folder, [] as string[]] as const),
    ['src/kql/aggregates', ['define', 'registry'] as string[]] as const,
    ['src/kql/window-functions', ['define', 'registry'] as string[]] as const,
    ['src/kql/operators', ['define', 'registry'] as string[]] as const,
  ])('every file of %s with a definition is in its index', (folder, support) => {
    const defining = modules(folder).filter(
      (name) =>
        name !== 'index' &&
        !support.includes(name) &&
        /^export const .*= define\w+[<(]/m.test(readFileSync(join(root, folder, `${name}.ts`), 'utf8')),
    );
    const listed = imported(`${folder}/index.ts`);
    expect(defining.length).toBeGreaterThan(0);
    expect(defining.filter((name) => !listed.has(name))).toEqual([]);
  });

  it('every domain of functions is in the index of functions', () => {
    expect([...imported('src/kql/functions/index.ts')].sort()).toEqual(domains.map((path) => basename(path)).sort());
  });

  it('every input shape is in the registry of shapes', () => {
    const folder = 'src/events/shapes';
    const shapes = modules(folder).filter((name) =>
      /^export (const|function) .*RecordShape\b/m.test(readFileSync(join(root, folder, `${name}.ts`), 'utf8')),
    );
    const listed = imported(`${folder}/index.ts`);
    expect(shapes.length).toBeGreaterThan(8);
    expect(shapes.filter((name) => !listed.has(name) && name !== 'index')).toEqual([]);
  });

  it('CONTRIBUTING.md names files and folders that are there', () => {
    const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    const named = [...text.matchAll(/`((?:src|cli|test|tables|scripts|docs|local|functions)\/[\w/.-]*)/g)].map(
      ([, path]) => path!,
    );
    const there = (path: string): boolean => {
      try {
        return readdirSync(join(root, path)).length > 0;
      } catch (error) {
        return (error as { code?: string }).code === 'ENOTDIR';
      }
    };
    expect(named.length).toBeGreaterThan(10);
    // NAME and DOMAIN stand for what is added.
    expect(named.filter((path) => !there(path.replace(/(?:NAME|DOMAIN).*$/, '')))).toEqual([]);
  });
});
