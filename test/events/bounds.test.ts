import { gzipSync } from 'node:zlib';
import { decode, MAX_RECORDS } from '../../src/events/decode';
import { splitConcatenated } from '../../src/events/json';
import { linesOf } from '../../src/events/lines';
import { splitEvents } from '../../src/events/xml';

const ROW = '{"Type":"Event","TimeGenerated":"2026-01-01T00:00:00Z"}';
const of = (body: string | Buffer) => decode({ body: Buffer.from(body) });
const only = (body: string | Buffer) => {
  const { records, rejected } = of(body);
  return { records: records.length, rejected: rejected.map(({ reason, detail }) => `${reason}: ${detail}`) };
};

// What is not linear here takes minutes: the limit of the test ends it.
describe('the longest message', () => {
  const length = 900_000;

  it('of line breaks and spaces is looked through once', () => {
    expect(only(`x${'\n '.repeat(length / 2)}`).rejected).toEqual([expect.stringContaining('neither JSON nor XML')]);
    expect(only(`x${'\n '.repeat(length / 2)}{"a":1}`).rejected).toHaveLength(2);
  });

  it('of brackets that close nothing is two pieces', () => {
    expect(only(`{${']'.repeat(length)}`).rejected).toEqual([expect.stringContaining('invalid-json')]);
    expect(splitConcatenated(`{]${']'.repeat(9)} {"a":1}x`, 10)).toEqual({
      pieces: ['{]', ']'.repeat(9), '{"a":1}'],
      rest: 'x',
    });
  });

  it('of tags that do not end is looked through once', () => {
    const text = `${'<Event '.repeat(length / 7)}>`;
    expect(splitEvents(text).events).toEqual([text]);
    expect(only(text).rejected).toHaveLength(1);
  });

  it('of bad pieces is given up after a thousand of them', () => {
    const { rejected } = of(`{"a":1}${'{x}'.repeat(10_000)}`);
    expect(rejected.length).toBeLessThan(1_100);
    expect(rejected.at(-1)).toMatchObject({ reason: 'too-large', detail: expect.stringContaining('too many bad') });
  });
});

describe('a message beyond a bound is one bad record', () => {
  const rows = (count: number): string => `[${Array.from({ length: count }, () => ROW).join()}]`;

  it('of bytes', () => {
    expect(only(gzipSync(rows(200_000)))).toEqual({
      records: 0,
      rejected: [expect.stringContaining('too-large: gzip')],
    });
  });

  it('of containers, before they are parsed', () => {
    const text = `[${'{},'.repeat(400_001)}{}]`;
    expect(only(gzipSync(text))).toEqual({
      records: 0,
      rejected: [expect.stringContaining('too-large: 400003 braces')],
    });
  });

  it('of records, in whatever form', () => {
    expect(only(gzipSync(rows(MAX_RECORDS)))).toEqual({ records: MAX_RECORDS, rejected: [] });
    const tooMany = {
      records: 0,
      rejected: [`too-large: more than ${MAX_RECORDS} records in one message: send fewer in each`],
    };
    expect(only(gzipSync(rows(MAX_RECORDS + 1)))).toEqual(tooMany);
    expect(only(gzipSync(`x\n${'{"a":1}\n'.repeat(MAX_RECORDS + 1)}`))).toEqual(tooMany);
    expect(only(gzipSync('{"a":1}'.repeat(MAX_RECORDS + 1)))).toEqual(tooMany);
    expect(only(gzipSync('<1>x\n'.repeat(MAX_RECORDS + 1)))).toEqual(tooMany);
    expect(only(gzipSync(`<Events>${'<Event/>'.repeat(MAX_RECORDS + 1)}</Events>`))).toEqual(tooMany);
  });
});

describe('lines', () => {
  it('are those that hold something, up to a number of them', () => {
    expect(linesOf('a\r\n\n  \nb\rc\n', 9)).toEqual(['a', 'b\rc']);
    expect(linesOf('', 9)).toEqual([]);
    expect(linesOf('a\nb\nc', 2)).toBeUndefined();
    expect(linesOf('a\nb\n', 2)).toEqual(['a', 'b']);
  });
});
