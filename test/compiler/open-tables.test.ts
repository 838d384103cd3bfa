import { createCompiler } from '../../src/compiler/compile';
import type { Row } from '../../src/kql';
import { runQuery } from '../support/kql';

const compiler = createCompiler([
  {
    name: 'Diagnostics',
    open: true,
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'Category', type: 'string' },
    ],
  },
  { name: 'Closed', columns: [{ name: 'Host', type: 'string' }] },
]);

/** Rows as a source gives them, by the columns that the plan asks for. */
const run = (text: string, events: readonly Record<string, unknown>[]) =>
  runQuery(compiler, text, {
    scan: (source) =>
      source.kind === 'table'
        ? events.map(
            (event) => source.columns.map(({ name, type }) => event[name] ?? (type === 'string' ? '' : null)) as Row,
          )
        : [],
  });

describe('columns that an open table does not declare', () => {
  it('may be read by every operator, with the type of their suffix', () => {
    const events = [
      { Category: 'Dns', msg_s: 'from 10.0.0.1 to 10.0.0.2', size_d: 3.5 },
      { Category: 'Dns', msg_s: 'nothing', size_d: 1 },
      { Category: 'Http', msg_s: 'from 10.0.0.3 to 10.0.0.4', size_d: 9 },
    ];
    const text =
      'Diagnostics | where Category == "Dns" and size_d > 2 | parse msg_s with "from " Source " to " Target | project Source, Target, size_d';
    expect(run(text, events)).toEqual({
      columns: [
        { name: 'Source', type: 'string' },
        { name: 'Target', type: 'string' },
        { name: 'size_d', type: 'real' },
      ],
      rows: [['10.0.0.1', '10.0.0.2', 3.5]],
    });
    expect(run('Diagnostics | summarize n = count() by host_s, ok_b', [{ host_s: 'a', ok_b: true }])).toEqual({
      columns: [
        { name: 'host_s', type: 'string' },
        { name: 'ok_b', type: 'bool' },
        { name: 'n', type: 'long' },
      ],
      rows: [['a', true, 1]],
    });
  });

  it('may be read in functions and in legs of a union', () => {
    const text =
      'let f = (c:string) { Diagnostics | where Category == c | project host_s }; union f("Dns"), (Closed | project host_s = Host)';
    expect(run(text, [{ Category: 'Dns', host_s: 'a', Host: 'b' }]).rows).toEqual([['a'], ['b']]);
  });

  it('are those that nothing in the query makes', () => {
    expect(
      run('Diagnostics | extend copy = host_s | where copy == "a" | project-away TimeGenerated', [
        { Category: 'Dns', host_s: 'a' },
      ]),
    ).toEqual({
      columns: [
        { name: 'Category', type: 'string' },
        { name: 'host_s', type: 'string' },
        { name: 'copy', type: 'string' },
      ],
      rows: [['Dns', 'a', 'a']],
    });
  });

  it('are none of a table that is closed', () => {
    expect(() => run('Closed | where host_s == "a"', [])).toThrow('KS142');
  });

  it('are none where an operator has made a column of that name', () => {
    const events = [{ Category: 'Dns', msg_s: 'm', Unknown: 'u' }];
    expect(run('Diagnostics | project-rename New = Unknown | project New, Category', events).rows).toEqual([
      ['u', 'Dns'],
    ]);
    expect(run('Diagnostics | project-rename New = Unknown', events).columns.map(({ name }) => name)).toEqual([
      'TimeGenerated',
      'Category',
      'New',
    ]);
    expect(
      run('Diagnostics | extend a = msg_s | where a == "m" | project-away a', events).columns.map(({ name }) => name),
    ).toEqual(['TimeGenerated', 'Category', 'msg_s']);
    expect(run('Diagnostics | project-reorder msg_s', events).columns[0]).toEqual({ name: 'msg_s', type: 'string' });
  });

  it('are none in a union whose other legs have a column of that name', () => {
    const events = [{ Category: 'Dns', msg_s: 'm', Host: 'h' }];
    const text =
      'union isfuzzy=true (Closed | extend Computer = Host), (Diagnostics | where msg_s == "m") | extend c = Computer | project c, Category';
    expect(run(text, events).rows).toEqual([
      ['h', ''],
      ['', 'Dns'],
    ]);
    const piped = 'Closed | extend Computer = Host | union (Diagnostics | where msg_s == "m") | project Computer';
    expect(run(piped, events).rows).toEqual([['h'], ['']]);
    // Only the open one can have it.
    expect(run('union Closed, Diagnostics | where msg_s == "m" | project msg_s', events).rows).toEqual(
      [['m'], ['m']].slice(1),
    );
  });
});
