import { createCompiler } from '../../src/compiler/compile';
import type { Column, Row, Runtime } from '../../src/kql';
import { runQuery } from '../support/kql';

const string = (name: string): Column => ({ name, type: 'string' });
const compiler = createCompiler([
  { name: 'Alpha', columns: [string('Who'), string('What'), { name: 'Size', type: 'long' }] },
  { name: 'Beta', columns: [string('Who'), string('Where'), { name: 'More', type: 'dynamic' }] },
]);
const data: Record<string, Row[]> = {
  Alpha: [
    ['Ann', 'ran mimikatz.exe', 3],
    ['Bob', 'ran MIMIKATZ2', 5],
  ],
  Beta: [
    ['ann', 'host-7', new Map([['tool', 'mimikatz']])],
    ['Cid', 'host-8', null],
  ],
};
const scan: Runtime['scan'] = (source) => {
  if (source.kind !== 'table') return [];
  const rows = data[source.name] ?? [];
  const declared = source.name === 'Alpha' ? ['Who', 'What', 'Size'] : ['Who', 'Where', 'More'];
  return rows.map((row) => source.columns.map(({ name }) => row[declared.indexOf(name)]!));
};
const run = (text: string) => runQuery(compiler, text, { scan });
const messages = (text: string): string[] => compiler.compile(text).diagnostics.map(({ message }) => message);

describe('search', () => {
  it('looks for a term in every column, and says in which table it was', () => {
    const { columns, rows } = run('search in (Alpha, Beta) "mimikatz"');
    expect(columns.map(({ name }) => name)).toEqual(['$table', 'Who', 'What', 'Size', 'Where', 'More']);
    expect(rows).toEqual([
      ['Alpha', 'Ann', 'ran mimikatz.exe', 3, '', null],
      ['Beta', 'ann', '', null, 'host-7', { tool: 'mimikatz' }],
    ]);
  });

  it('takes asterisks as prefix, suffix, part and pattern', () => {
    const who = (term: string) => run(`Alpha | search ${term} | project Who`).rows.flat();
    expect(who('"mimi*"')).toEqual(['Ann', 'Bob']);
    expect(who('"*katz"')).toEqual(['Ann']);
    expect(who('"*kat*"')).toEqual(['Ann', 'Bob']);
    expect(who('"mim*tz"')).toEqual(['Ann']);
    expect(who('"m.m*tz"')).toEqual([]);
    expect(who('*')).toEqual(['Ann', 'Bob']);
  });

  it('restricts to a column, compares and combines', () => {
    const who = (condition: string) => run(`search in (Alpha, Beta) ${condition} | project Who`).rows.flat();
    expect(who('Who:"ann"')).toEqual(['Ann', 'ann']);
    expect(who('Who == "Ann" and "mimikatz"')).toEqual(['Ann']);
    expect(who('"mimikatz" and not(Who == "ann")')).toEqual(['Ann']);
    expect(who('* has "mimikatz2" or Where:"8"')).toEqual(['Bob', 'Cid']);
    expect(who('Who matches regex "^[AC]"')).toEqual(['Ann', 'Cid']);
  });

  it('finds nothing in a column that a table has not', () => {
    expect(run('search in (Alpha, Beta) Size > 2 | project Who').rows.flat()).toEqual(['Ann', 'Bob']);
    expect(run('search in (Alpha, Beta) Where:"host" | project $table').rows.flat()).toEqual(['Beta', 'Beta']);
  });

  it('heeds case where told to', () => {
    expect(run('Alpha | search kind=case_sensitive "MIMIKATZ2" | count').rows).toEqual([[1]]);
    expect(run('Alpha | search kind=case_sensitive "mimikatz2" | count').rows).toEqual([[0]]);
    expect(run('Alpha | search kind=case_sensitive What contains "mimi" | count').rows).toEqual([[1]]);
  });

  it('looks through what came down the pipe', () => {
    expect(run('Alpha | extend Note = "seen" | search "seen" and Size == 5').rows).toEqual([
      ['Alpha', 'Bob', 'ran MIMIKATZ2', 5, 'seen'],
    ]);
    expect(run('search in (Alpha) "ran" | search "alpha" | count').rows).toEqual([[0]]);
    expect(run('search in (Alpha, Beta) "mimikatz" | search "Ann" | project t = $table').rows).toEqual([
      ['Alpha'],
      ['Beta'],
    ]);
  });

  it('wants its tables named', () => {
    expect(messages('search "mimikatz"')).toEqual([
      '\'search\' over every table is not supported: name the tables, search in (A, B) "…"',
    ]);
  });
});

describe('find', () => {
  it('gives the columns of the condition and those in common, and packs the rest', () => {
    const { columns, rows } = run('find in (Alpha, Beta) where Who =~ "ann"');
    expect(columns.map(({ name }) => name)).toEqual(['source_', 'Who', 'pack_']);
    expect(rows).toEqual([
      ['Alpha', 'Ann', { What: 'ran mimikatz.exe', Size: 3 }],
      ['Beta', 'ann', { Where: 'host-7', More: { tool: 'mimikatz' } }],
    ]);
  });

  it('projects, with null where a table has no such column', () => {
    const { columns, rows } = run(
      'find withsource=T in (Alpha, Beta) where Who startswith "a" project Who, Size, Where',
    );
    expect(columns.map(({ name }) => name)).toEqual(['T', 'Who', 'Size', 'Where']);
    expect(rows).toEqual([
      ['Alpha', 'Ann', 3, ''],
      ['Beta', 'ann', null, 'host-7'],
    ]);
  });

  it('leaves out tables without a column of the condition', () => {
    expect(run('find in (Alpha, Beta) where Size != 3 project Who').rows).toEqual([['Alpha', 'Bob']]);
  });

  it('looks for a bare term everywhere', () => {
    expect(run('find in (Alpha, Beta) where "mimikatz" project Who').rows).toEqual([
      ['Alpha', 'Ann'],
      ['Beta', 'ann'],
    ]);
  });

  it('wants its tables named', () => {
    expect(messages('find where Who == "Ann"')[0]).toContain("'find' over every table is not supported");
  });
});

describe('search and find where every table is known', () => {
  const views = 'let A1 = view () { print x=1, s="a err" }; let A2 = view () { print y=2, s="err b" };';
  const everywhere = createCompiler([], [], undefined, { everyTable: true });
  const rows = (text: string): unknown[][] => runQuery(everywhere, `${views} ${text}`).rows;

  it('look through tables and views', () => {
    expect(rows('search "err" | project $table, x, s, y')).toEqual([
      ['A1', 1, 'a err', null],
      ['A2', null, 'err b', 2],
    ]);
    expect(rows('search y > 1 | project $table')).toEqual([['A2']]);
    expect(rows('search in (A*) x == 1 | project $table, x')).toEqual([['A1', 1]]);
    expect(rows('search "A1"')).toEqual([]);
    expect(rows('find where s has "err" project s')).toEqual([
      ['A1', 'a err'],
      ['A2', 'err b'],
    ]);
  });
});
