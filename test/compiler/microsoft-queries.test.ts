import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCompiler } from '../../src/compiler/compile';
import { loadTables } from '../../src/tables';

const FILE = join(__dirname, '../../../shared/tables/microsoft-queries.ndjson');

/** Queries that are wrong as they were published, by number, and what is wrong with them. */
const WRONG: Readonly<Record<number, string>> = {
  56: "a condition where a 'where' should be",
  154: 'a column that the table does not have',
  160: 'a parenthesis too many',
  162: 'a parenthesis too many',
  182: 'a table that does not exist',
  234: 'a column that the table does not have',
  282: 'a column that the table does not have',
  340: 'a column in other case',
  370: 'a column that the table does not have',
  378: 'quotes with backslashes',
  384: 'a column that the table does not have',
  386: 'a table in other case',
  388: 'a table in other case',
  480: 'quotes with backslashes',
  482: 'quotes with backslashes',
  532: 'quotes with backslashes',
  534: 'quotes with backslashes',
  536: 'quotes with backslashes',
  584: 'a column in other case',
  638: 'a table that does not exist',
  694: 'a column in other case',
  798: 'a table that does not exist',
  874: 'a column that the table does not have',
};
/** What is right, and refused here. */
const REFUSED: Readonly<Record<number, string>> = { 762: 'externaldata from a ZIP archive (zipPattern)' };

const describeShared = existsSync(FILE) ? describe : describe.skip;

describeShared('queries that Microsoft publishes beside its tables', () => {
  it('compile, but for those that are wrong', () => {
    const compiler = createCompiler([...loadTables(join(__dirname, '../../tables')).values()], [], undefined, {
      approximate: true,
    });
    const queries = readFileSync(FILE, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; query: string });
    const failed = queries.flatMap(({ id, query }) => {
      const { plan, diagnostics } = compiler.compile(query);
      // Where Microsoft's binder knows a column, ours must know it too.
      expect(diagnostics.filter(({ code, message }) => code === 'invalid' && /unknown column/.test(message))).toEqual(
        [],
      );
      return plan ? [] : [id];
    });
    expect(failed).toEqual(Object.keys({ ...WRONG, ...REFUSED }).map(Number));
  }, 120_000);
});
