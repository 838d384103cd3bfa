import { queryTable } from '../../support/kql';

/** Rows of `datatable(s:string)[text] | parse …` without the text itself. */
const parsed = (text: string, parse: string): unknown[][] =>
  queryTable(`datatable(s:string)[${JSON.stringify(text)}] | ${parse} | project-away s`).rows;

describe('parse kind=simple', () => {
  it('takes each delimiter at its first occurrence', () => {
    expect(parsed('a=1;b=x;a=2;', 'parse s with * "a=" v:long ";" *')).toEqual([[1]]);
    expect(parsed('xx k=v;w;z', 'parse s with * "k=" x ";" *')).toEqual([['v']]);
    expect(parsed('user=bob smith, jr', 'parse s with "user=" u')).toEqual([['bob smith, jr']]);
  });

  it('is case-sensitive and takes metacharacters and newlines as text', () => {
    expect(parsed('USER=bob', 'parse s with * "user=" u')).toEqual([['']]);
    expect(parsed('a.b*c(d)\nz', 'parse s with "a.b*" x "(" y ")" *')).toEqual([['c', 'd']]);
  });

  it('is anchored where there is no *', () => {
    expect(parsed('pre a=1', 'parse s with "a=" v:long')).toEqual([[null]]);
    expect(parsed('a=1 tail', 'parse s with "a=" v:long')).toEqual([[null]]);
    expect(parsed('a)b) tail', 'parse s with v ")"')).toEqual([['']]);
    expect(parsed('a)b)', 'parse s with v ")"')).toEqual([['a)b']]);
  });

  it('gives up the whole row for one value that does not convert', () => {
    expect(parsed('n=abc; m=7', 'parse s with "n=" n:long "; m=" m:long')).toEqual([[null, null]]);
    expect(parsed('n=1.5; m=x', 'parse s with "n=" n:long "; m=" m')).toEqual([[null, '']]);
  });

  it('reads typed columns, also before *', () => {
    expect(parsed('x=-42 y=2.5e1z', 'parse s with "x=" x:int * "y=" y:real "z"')).toEqual([[-42, 25]]);
    expect(parsed('at 2020-01-02 03:04:05.5 ok', 'parse s with "at " t:datetime * "ok"')).toEqual([
      ['2020-01-02T03:04:05.5000000Z'],
    ]);
    expect(parsed('t=1.02:03:04;j={"a":1}', 'parse s with "t=" t:timespan ";j=" j:dynamic')).toEqual([
      ['1.02:03:04', { a: 1 }],
    ]);
  });

  it('replaces an existing column, with its empty value where nothing matches', () => {
    const { columns, rows } = queryTable(
      'datatable(k:string, s:string)["old","k=new;","keep","z"] | parse s with "k=" k ";" *',
    );
    expect(columns.map(({ name }) => name)).toEqual(['k', 's']);
    expect(rows).toEqual([
      ['new', 'k=new;'],
      ['', 'z'],
    ]);
  });

  it('converts its input to text', () => {
    expect(queryTable('print n=12345 | parse n with "12" x | project x').rows).toEqual([['345']]);
    expect(queryTable('print d=dynamic({"a":1}) | parse d with * "a\\":" v:long "}" | project v').rows).toEqual([[1]]);
  });
});

describe('parse kind=relaxed', () => {
  it('nulls only the value that does not convert, and still needs every delimiter', () => {
    expect(parsed('n=abc; m=7', 'parse kind=relaxed s with "n=" n:long "; m=" m:long')).toEqual([[null, 7]]);
    expect(parsed('n=5, m=7', 'parse kind=relaxed s with "n=" n:long "; m=" m:long')).toEqual([[null, null]]);
    expect(parsed('n=abc m=7', 'parse kind=relaxed s with "n=" n:long * "m=" m:long')).toEqual([[null, 7]]);
  });
});

describe('parse kind=regex', () => {
  it('has a lazy * and greedy string columns, the other way round with U', () => {
    expect(parsed('m a=1 a=2 a=3', 'parse kind=regex s with * "a=" v')).toEqual([['1 a=2 a=3']]);
    expect(parsed('k=aXbXc', 'parse kind=regex s with "k=" v "X" *')).toEqual([['aXb']]);
    expect(parsed('k=aXbXc', 'parse kind=regex flags=U s with "k=" v "X" *')).toEqual([['a']]);
  });

  it('knows flags i and s, and capture groups of the pattern', () => {
    expect(parsed('Name=x,', 'parse kind=regex flags=i s with * "NAME=" r "," *')).toEqual([['x']]);
    expect(parsed('l1\nk=v\nz', 'parse kind=regex s with * "k=" k "\\n" *')).toEqual([['']]);
    expect(parsed('l1\nk=v\nz', 'parse kind=regex flags=s s with * "k=" k "\\n" *')).toEqual([['v']]);
    expect(parsed('k=v1 and k=2', 'parse kind=regex s with * @"k=(\\w+) and k=" n:long')).toEqual([[2]]);
  });

  it('refuses a bad expression or flag', () => {
    expect(() => parsed('a', 'parse kind=regex s with "a(" n:long ")b"')).toThrow('regular expression');
    expect(() => parsed('a', 'parse kind=regex flags=x s with "a" n')).toThrow('flags');
  });

  it('is linear on a pattern that makes backtracking engines explode', () => {
    const text = 'a'.repeat(5000);
    const start = Date.now();
    expect(parsed(text, 'parse kind=regex s with "(a+)+b" v')).toEqual([['']]);
    expect(Date.now() - start).toBeLessThan(5000);
  });
});

describe('parse-where', () => {
  it('drops rows that do not match', () => {
    const text = 'datatable(s:string)["n=abc; m=7","n=5; m=7","zzz"]';
    expect(queryTable(`${text} | parse-where s with "n=" n:long "; m=" m:long | project n, m`).rows).toEqual([[5, 7]]);
    expect(queryTable(`${text} | parse-where kind=relaxed s with "n=" n:long "; m=" m:long | project n`).rows).toEqual([
      [null],
      [5],
    ]);
  });
});

describe('parse-kv', () => {
  it('takes the first appearance of a key, without blanks', () => {
    expect(
      parsed(
        'A:1, A:2,B :y , Z=',
        'parse-kv s as (A:long, B:string, Z:string) with (pair_delimiter=",", kv_delimiter=":")',
      ),
    ).toEqual([[1, 'y', '']]);
  });

  it('knows several quotes, of one or two characters, and escapes', () => {
    expect(
      parsed(
        "a|1||b|'x||y'||c|[z]",
        `parse-kv s as (a:long, b:string, c:string) with (pair_delimiter='||', kv_delimiter='|', quote="'", quote='[]')`,
      ),
    ).toEqual([[1, 'x||y', 'z']]);
    expect(
      parsed(
        'm="say \\"hi\\"" n=2',
        `parse-kv s as (m:string, n:long) with (pair_delimiter=' ', kv_delimiter='=', quote='"', escape='\\\\')`,
      ),
    ).toEqual([['say "hi"', 2]]);
  });

  it('is greedy on demand', () => {
    const as = 'as (name:string, city:string) with (pair_delimiter=" ", kv_delimiter="="';
    expect(parsed('name=John Doe city=New York', `parse-kv s ${as})`)).toEqual([['John', 'New']]);
    expect(parsed('name=John Doe city=New York', `parse-kv s ${as}, greedy=true)`)).toEqual([['John Doe', 'New York']]);
  });

  it('finds keys among words without delimiters, or by a regular expression', () => {
    expect(
      parsed("[INFO] ThreadId:45, it's Text: 'up now'", `parse-kv s as (Text:string, ThreadId:long) with (quote="'")`),
    ).toEqual([['up now', 45]]);
    expect(
      parsed(
        '["a b: 1", "c: x"]',
        `parse-kv s as (['a b']:long, c:string, d:int) with (regex=@'"([\\w ]+)\\s*:\\s*([^"]*)"')`,
      ),
    ).toEqual([[1, 'x', null]]);
    expect(() => parsed('a', `parse-kv s as (a:long) with (regex='a')`)).toThrow('two capture groups');
  });
});
