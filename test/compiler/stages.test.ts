import { type Compiler, createCompiler } from '../../src/compiler/compile';

let compiler: Compiler;

beforeAll(() => {
  compiler = createCompiler(
    [
      {
        name: 'T',
        columns: [
          { name: 'a', type: 'int' },
          { name: 'TimeGenerated', type: 'datetime' },
        ],
      },
    ],
    [{ name: 'Saved', parameters: '(least: int)', body: '{\n  T\n  | where a > least // why\n    and a < 100\n}' }],
  );
}, 60_000);

describe('stages of a compiled query', () => {
  it('are its operators as they were written, with the predicates that `and` joins', () => {
    const query = 'T\n| where a == 1 and (a != 2 and a in (1, 3)) and (a > 5 or a < 0)\n| summarize n = count() by  a';
    const { stages, plan } = compiler.compile(query);
    expect(
      stages.map(({ kind, text, start, length }) => [kind, text, query.slice(start, start + length) === text]),
    ).toEqual([
      ['where', 'where a == 1 and (a != 2 and a in (1, 3)) and (a > 5 or a < 0)', true],
      ['summarize', 'summarize n = count() by  a', true],
    ]);
    expect(stages[0]!.predicates.map(({ text }) => text)).toEqual([
      'a == 1',
      'a != 2',
      'a in (1, 3)',
      '(a > 5 or a < 0)',
    ]);
    expect(plan!.ops.map(({ stage }) => stage)).toEqual([0, 1]);
  });

  it('belong to all plan operators that one was made of', () => {
    const { plan, stages } = compiler.compile(
      'T | sort by a asc | extend p = prev(a) + row_number() | summarize s = sum(p) * 2',
    );
    expect(stages.map(({ kind }) => kind)).toEqual(['sort', 'extend', 'summarize']);
    expect(plan!.ops.map(({ op, stage }) => `${stage} ${op}`)).toEqual([
      '0 sort',
      '1 window',
      '1 window',
      '1 extend',
      '1 drop',
      '2 summarize',
      '2 project',
      '2 drop',
    ]);
  });

  it('of a saved function stand where it is called, and keep their own text', () => {
    const { stages } = compiler.compile('Saved(5) | take 1');
    expect(stages.map(({ kind, start }) => [kind, start])).toEqual([
      ['where', 0],
      ['take', 11],
    ]);
    expect(stages[0]!.text).toBe('where a > least // why\n    and a < 100');
    expect(stages[0]!.predicates.map(({ text }) => text)).toEqual(['a > least', 'a < 100']);
  });

  it('of a let function stand where they are written, whatever stands before its body', () => {
    const query = 'let f = (x: int)  // a comment\n  { T | where a == x };\nf(1)';
    const { stages } = compiler.compile(query);
    expect(stages.map(({ text, start }) => [text, start])).toEqual([['where a == x', query.indexOf('where')]]);
  });
});
