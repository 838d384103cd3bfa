import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const DESIGN = readFileSync(join(ROOT, 'docs/design.md'), 'utf8');
const filesBelow = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);
const SOURCES = filesBelow('src');
const TESTS = filesBelow('test').filter((name) => !name.startsWith('test/docs/'));
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Invariant {
  readonly name: string;
  readonly keptBy: string;
  readonly provedBy: string;
}

const INVARIANTS = [...DESIGN.matchAll(/^\| (I\d+)[^|]*\|[^|]*\|([^|]*)\|([^|]*)\|$/gm)].map(
  ([, name, keptBy, provedBy]): Invariant => ({ name: name!, keptBy: keptBy!, provedBy: provedBy! }),
);
const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);

/** Test files of a name such as `state/commit.test.ts`, `chaos/model` or `engine/outage`. */
const testFiles = (name: string): string[] =>
  TESTS.filter((file) => file === `test/${name}` || file === `test/${name}.test.ts`);

describe('docs/design.md', () => {
  it('numbers its invariants', () => {
    expect(INVARIANTS.map(({ name }) => name)).toEqual(INVARIANTS.map((_, i) => `I${i + 1}`));
    expect(INVARIANTS.length).toBeGreaterThan(20);
  });

  it.each(INVARIANTS)('$name: the code that keeps it is there', ({ keptBy }) => {
    const named = quoted(keptBy);
    expect(named.length).toBeGreaterThan(0);
    const missing = named.filter((name) => {
      if (/^src\//.test(name)) return !SOURCES.some((file) => file.startsWith(`${name}/`));
      if (/\.ts$/.test(name)) return !SOURCES.some((file) => file.endsWith(`/${name}`));
      return !SOURCES.some((file) => new RegExp(`\\b${name}\\b`).test(textOf(file)));
    });
    expect(missing).toEqual([]);
  });

  it.each(INVARIANTS)('$name: the tests that prove it are there', ({ provedBy }) => {
    const files = quoted(provedBy);
    expect(files.filter((name) => testFiles(name).length === 0)).toEqual([]);
    expect(files.length).toBeGreaterThan(0);
    const texts = files.flatMap(testFiles).map(textOf);
    const titles = [...provedBy.matchAll(/\*([^*]+)\*/g)].map(([, title]) => title!.split('…').map((s) => s.trim()));
    const missing = titles.filter((parts) => !texts.some((text) => parts.every((part) => text.includes(part))));
    expect(missing).toEqual([]);
  });

  it('names files that are there', () => {
    const named = [...new Set(quoted(DESIGN).filter((name) => /^[\w./-]+\.(ts|mjs)$/.test(name)))];
    const all = [...SOURCES, ...TESTS, ...readdirSync(join(ROOT, 'scripts')).map((name) => `scripts/${name}`)];
    expect(named.filter((name) => !all.some((file) => `/${file}`.endsWith(`/${name}`)))).toEqual([]);
  });

  it('explains its words in alphabetical order', () => {
    const glossary = DESIGN.slice(DESIGN.indexOf('## Glossary'));
    const words = [...glossary.matchAll(/^\| ([^|]+) \|/gm)].map(([, word]) => word!).slice(1);
    const letters = words.filter((word) => !/^-+$/.test(word)).map((word) => word[0]!.toLowerCase());
    expect(letters.length).toBeGreaterThan(40);
    expect(letters).toEqual([...letters].sort());
  });
});
