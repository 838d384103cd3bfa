/**
 * Compiles queries with the parser's runtime as it comes, then with its quicker answers, and prints where both say something else. A process
 * of its own: the library is shared by all tests.
 */
import { readFileSync } from 'node:fs';
import { createCompiler } from '../../../src/compiler/compile';
import { loadTables } from '../../../src/tables';

interface Runtime {
  Bridge: Record<string, unknown>;
  System: { Array: Record<string, unknown> };
  Kusto: { Language: { Symbols: { TableSymbol: { prototype: Record<string, unknown> } } } };
}

require('@kusto/language-service-next/bridge.min.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
const runtime = globalThis as unknown as Runtime;
const places: [Record<string, unknown>, string][] = [
  [runtime.Bridge, 'is'],
  [runtime.Bridge, 'ref'],
  [runtime.Bridge.Class as Record<string, unknown>, 'getCachedType'],
  [runtime.System.Array, 'getItem'],
  [runtime.System.Array, 'getCount'],
  [runtime.Kusto.Language.Symbols.TableSymbol.prototype, 'GetMembers$1'],
];
const own = places.map(([object, name]) => object[name]);

const { tables, queries } = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as { tables: string; queries: string[] };
const schemas = [...loadTables(tables).values()];
const functions = [
  { name: 'Mine', parameters: '(x:string="a", T:(EventID:int))', body: '{ T | where EventID == 1 | extend x }' },
];
const compileAll = (): string[] => {
  const compiler = createCompiler(schemas, functions);
  return queries.map((query) => JSON.stringify(compiler.compile(query, { approximate: true })));
};

const quick = compileAll();
const replaced = places.filter(([object, name], i) => object[name] !== own[i]).length;
places.forEach(([object, name], i) => {
  object[name] = own[i];
});
const slow = compileAll();
const different = queries.filter((_, i) => quick[i] !== slow[i]);
process.stdout.write(JSON.stringify({ replaced, of: places.length, compiled: queries.length, different }));
