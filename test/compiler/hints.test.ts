import { testCompiler } from '../support/kql';

const compiler = testCompiler([
  {
    name: 'T',
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'a', type: 'string' },
      { name: 'd', type: 'dynamic' },
    ],
  },
]);
const errors = (text: string): string[] =>
  compiler
    .compile(text)
    .diagnostics.map(({ message, start, length }) => `${message} @${text.slice(start, start + length)}`);

const HINTS = [
  'hint.strategy=shuffle',
  'hint.strategy = partitioned',
  'hint.shufflekey=a hint.num_partitions=4',
  'hint.remote=auto',
  'hint.pass_filters=(a)',
];
const QUERIES = [
  'T | summarize HINT count() by a',
  'T | join HINT kind=inner (T) on a',
  'T | lookup HINT (T) on a',
  'union HINT T, (T | take 1)',
  'T | distinct HINT a',
  'T | sort by HINT a asc',
  'T | top HINT 3 by a',
  'T | top-nested HINT of a by count()',
  'T | make-series HINT count() on TimeGenerated step 1h',
  'T | partition HINT by a (take 1)',
  'T | evaluate HINT pivot(a)',
  'T | mv-expand HINT d',
];

describe('hints', () => {
  it.each(HINTS)('%s is taken wherever an operator takes one, and changes nothing', (hint) => {
    for (const query of QUERIES) {
      const given = compiler.compile(query.replace('HINT', hint));
      expect([query, given.diagnostics]).toEqual([query, []]);
      const plain = (plan: unknown) => JSON.stringify(plan, (key, value) => (key === 'at' ? undefined : value));
      expect(plain(given.plan)).toBe(plain(compiler.compile(query.replace('HINT', '')).plan));
    }
  });

  it('are none in texts and comments, nor is a path of a column so called', () => {
    const query = `T // hint.strategy=shuffle
      | extend hint = d | extend x = "hint.a=b", y = @'hint.a=b', z = hint.a | where hint.a =~ 'q' or hint.b == 1`;
    expect(errors(query)).toEqual([]);
    const text = JSON.stringify(compiler.compile(query).plan);
    expect(text.split('"hint.a=b"')).toHaveLength(3);
    expect(text).toContain('"q"');
  });

  it('leave problems at their place', () => {
    expect(errors('T | summarize hint.strategy=shuffle count() by b')).toEqual([
      expect.stringMatching(/'b' does not refer.*@b$/),
    ]);
  });
});
