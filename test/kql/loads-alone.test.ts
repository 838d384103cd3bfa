import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../src/kql');
const FILES = readdirSync(ROOT, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.ts'))
  .sort();

/** What is registered where must not hang on which file somebody happens to import first. */
describe('each file of the language, loaded first', () => {
  it.each(FILES)('%s', (name) => {
    jest.isolateModules(() => {
      expect(() => require(join(ROOT, name))).not.toThrow();
    });
  });
});
