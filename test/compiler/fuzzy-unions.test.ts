import { createCompiler } from '../../src/compiler/compile';
import type { Row } from '../../src/kql';
import { runQuery } from '../support/kql';

const compiler = createCompiler([
  { name: 'A', columns: [{ name: 'Host', type: 'string' }] },
  { name: 'B', columns: [{ name: 'Name', type: 'string' }] },
]);
const rows = (text: string) =>
  runQuery(compiler, text, {
    scan: (source) => (source.kind === 'table' ? [[source.name.toLowerCase()] as Row] : []),
  }).rows;
const problems = (text: string) =>
  compiler
    .compile(text)
    .diagnostics.map(({ severity, start, length }) => `${severity} ${text.slice(start, start + length)}`);

describe('a fuzzy union', () => {
  const broken = `union isfuzzy=true
    (A | where Host == Missing),
    (B | project Host = Name) // the comma above goes too
    | project Host`;

  it('goes without a leg that cannot be bound, and warns', () => {
    expect(rows(broken)).toEqual([['b']]);
    expect(problems(broken)).toEqual(['warning Missing']);
    const last =
      'union isfuzzy=true (B | project Host = Name), (A | where Other > 1), (A | summarize by dynamic(1)) | project Host';
    expect(rows(last)).toEqual([['b']]);
    expect(problems(last)[0]).toBe('warning Other');
  });

  it('leaves out the leg of the innermost union alone', () => {
    const text = `let All = union isfuzzy=true (union isfuzzy=true A, (A | where Gone == 1)), (B | project Host = Name);
      All | sort by Host asc`;
    expect(rows(text)).toEqual([['a'], ['b']]);
  });

  it('is refused where no leg is left, or what follows needs the leg', () => {
    expect(problems('union isfuzzy=true (A | where Gone == 1), (B | where Gone == 2)')).toEqual([
      'error Gone',
      'error Gone',
    ]);
    expect(problems('union isfuzzy=true (A | extend x = Gone), B | where x == 1')).toEqual(['warning Gone', 'error x']);
  });

  it('is refused where its text is broken', () => {
    expect(problems('union isfuzzy=true (A | where ), B').some((problem) => problem.startsWith('error'))).toBe(true);
  });

  it('is another thing than a union', () => {
    expect(problems('union (A | where Gone == 1), B')).toEqual(['error Gone']);
  });

  it('goes without a leg that the columns of the data do not fit', () => {
    const unpacked = (bag: string) => `(datatable(d:dynamic)[dynamic(${bag})] | evaluate bag_unpack(d) | where y == 1)`;
    const columns = (text: string) => {
      const { columns: names, rows: cells } = runQuery(compiler, text);
      return [names.map(({ name }) => name), cells];
    };
    const text = `union isfuzzy=true withsource=leg ${unpacked('{"x":1}')}, (print a = 1), ${unpacked('{"y":1}')}`;
    expect(columns(text)).toEqual([
      ['leg', 'a', 'y'],
      [
        ['union_arg1', 1, null],
        ['union_arg2', null, 1],
      ],
    ]);
    expect(columns(`print b = 5 | union isfuzzy=true withsource=leg ${unpacked('{"x":1}')}, (print a = 1)`)).toEqual([
      ['leg', 'b', 'a'],
      [
        ['union_arg0', 5, null],
        ['union_arg2', null, 1],
      ],
    ]);
    expect(() => columns(`union isfuzzy=true ${unpacked('{"x":1}')}`)).toThrow("unknown column 'y'");
    expect(() => columns(`union ${unpacked('{"x":1}')}, (print a = 1)`)).toThrow("unknown column 'y'");
  });
});
