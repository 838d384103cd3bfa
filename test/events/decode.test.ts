import fc from 'fast-check';
import { decode } from '../../src/events/decode';
import { recordShapes } from '../../src/events/shapes';
import { decodeText } from './sample';

jest.setTimeout(60_000);

/** JSON text that is written as it stands: only so can an object have `__proto__`, or a name twice. */
class Raw {
  constructor(readonly text: string) {}
}
const json = (value: unknown): string =>
  value instanceof Raw ? value.text : Array.isArray(value) ? `[${value.map(json).join()}]` : JSON.stringify(value);

const TIME = '2026-03-14T14:31:07.1230000Z';
const row = (fields: Record<string, unknown> = {}) => ({
  Computer: 'A',
  EventID: 1,
  EventLog: 'System',
  Source: 'x',
  TimeGenerated: TIME,
  Type: 'Event',
  ...fields,
});
const reasons = (result: ReturnType<typeof decode>) => result.rejected.map(({ index, reason }) => [index, reason]);

describe('bodies', () => {
  const two = [row(), row({ Computer: 'B' })];
  const lines = two.map((record) => JSON.stringify(record));

  it.each([
    ['the records envelope', JSON.stringify({ records: two })],
    ['an array', JSON.stringify(two)],
    ['JSON lines', lines.join('\n')],
    ['JSON lines with CRLF and blank lines', `\r\n${lines.join('\r\n\r\n')}\r\n`],
    ['objects one after another', lines.join('')],
    ['an envelope a line', lines.map((line) => `{"records":[${line}]}`).join('\n')],
    ['an array of envelopes', `[${lines.map((line) => `{"records":[${line}]}`).join()}]`],
    ['a byte order mark', `\ufeff${JSON.stringify(two)}`],
    ['indented JSON', JSON.stringify({ records: two }, null, 2)],
  ])('%s', (_name, text) => {
    const { records, rejected } = decodeText(text);
    expect(rejected).toEqual([]);
    expect(records.map(({ index, table, fields }) => [index, table, fields.Computer])).toEqual([
      [0, 'Event', 'A'],
      [1, 'Event', 'B'],
    ]);
  });

  it('one object', () => {
    expect(decodeText(lines[0]!).records).toEqual([{ index: 0, table: 'Event', fields: row() }]);
  });

  it('an envelope without records holds none', () => {
    expect(decodeText('{"records":[]}')).toMatchObject({ records: [], rejected: [] });
  });

  it('reads a Windows event that is a JSON text', () => {
    const xml = `<Event xmlns="u"><System><Provider Name="p"/><EventID>7</EventID><TimeCreated SystemTime="${TIME}"/></System></Event>`;
    expect(decodeText(JSON.stringify([xml])).records[0]).toMatchObject({
      table: 'Event',
      fields: { EventID: 7, UserName: 'N/A' },
    });
  });
});

describe('rows', () => {
  it('keeps any JSON, an EventData that is not XML, and whole numbers beyond 2^53', () => {
    const text = `{"records":[${JSON.stringify(row({ EventData: '<not xml', Dyn: { a: [1, null, true] } })).replace('"EventID":1', '"EventID":9007199254740993')}]}`;
    const { fields } = decodeText(text).records[0]!;
    expect(fields).toEqual({
      ...row({ EventData: '<not xml', Dyn: { a: [1, null, true] } }),
      EventID: 9007199254740993n,
    });
  });

  it('keeps every other number what JSON.parse makes of it, in a row with a large one', () => {
    const { fields } = decodeText(
      `{"Type":"T","TimeGenerated":"${TIME}","a":-9223372036854775808,"b":1.5e3,"c":"1234567890123456789","d":[18446744073709551615,0.1],"e":1234567890123456}`,
    ).records[0]!;
    expect(fields).toMatchObject({
      a: -9223372036854775808n,
      b: 1500,
      c: '1234567890123456789',
      d: [18446744073709551615n, 0.1],
      e: 1234567890123456,
    });
  });

  it('of 1 MB is a row', () => {
    const { records } = decodeText(JSON.stringify({ records: [row({ EventData: 'x'.repeat(1_000_000) }), row()] }));
    expect(records).toHaveLength(2);
    expect(records[0]!.fields.EventData).toHaveLength(1_000_000);
  });

  it('finds the table by the columns, then by the setting', () => {
    const { Type: _type, ...untyped } = row();
    expect(decodeText(JSON.stringify(untyped)).records[0]!.table).toBe('Event');
    const other = Buffer.from(`{"TimeGenerated":"${TIME}","A":1}`);
    expect(reasons(decode({ body: other }))).toEqual([[0, 'no-table']]);
    expect(decode({ body: other }, { defaultTable: 'Mine_CL' }).records[0]!.table).toBe('Mine_CL');
  });

  it.each([
    ['2026-03-14T14:31:07Z', '2026-03-14T14:31:07.0000000Z'],
    ['2026-03-14T14:31:07.123456789Z', '2026-03-14T14:31:07.1234567Z'],
    ['2026-03-14T14:31:07.5+02:00', '2026-03-14T12:31:07.5000000Z'],
    ['2026-03-14 14:31:07.25', '2026-03-14T14:31:07.2500000Z'],
    ['2024-02-29T00:00:00.0000000Z', '2024-02-29T00:00:00.0000000Z'],
    ['0001-01-01T00:00:00.0000000Z', '0001-01-01T00:00:00.0000000Z'],
  ])('takes %s as a time', (given, time) => {
    expect(decodeText(JSON.stringify(row({ TimeGenerated: given }))).records[0]!.fields.TimeGenerated).toBe(time);
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-03-14T24:31:07Z',
    'yesterday',
    '',
    5,
    null,
    {},
    ['2026-03-14T14:31:07Z'],
  ])('has no time in %j', (given) => {
    expect(reasons(decodeText(JSON.stringify(row({ TimeGenerated: given }))))).toEqual([[0, 'no-time']]);
  });
});

describe('what is no row', () => {
  it('rejects each bad record with its reason, and reads the others', () => {
    const text = `{"records":[null,1,"x",{"__proto__":{}},true,${JSON.stringify(row())}]}`;
    const result = decodeText(text);
    expect(reasons(result)).toEqual([
      [0, 'not-an-object'],
      [1, 'not-an-object'],
      [2, 'not-an-object'],
      [3, 'unknown-shape'],
      [4, 'not-an-object'],
    ]);
    expect(result.records.map(({ index }) => index)).toEqual([5]);
    expect(result.rejected[3]!.raw).toBe('{"__proto__":{}}');
  });

  it('never makes a prototype of what a record calls __proto__ or constructor', () => {
    const text = `{"records":[{"Type":"T","TimeGenerated":"${TIME}","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":1}]}`;
    const { fields } = decodeText(text).records[0]!;
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
    expect(Object.keys(fields)).toEqual(['Type', 'TimeGenerated', 'constructor', 'a']);
    expect(Object.hasOwn(Object.assign({}, fields), 'polluted')).toBe(false);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    ['', 'empty'],
    [' \r\n', 'empty'],
    [`{"records":[${JSON.stringify(row())}`, 'invalid-json'],
    ['{"a":', 'invalid-json'],
    ['{"a":1,}', 'invalid-json'],
    [JSON.stringify({ records: [row()] }, null, 2).slice(0, -9), 'invalid-json'],
    ['just a line of text', 'unknown-shape'],
    ['<14>Mar 14 14:31:07 host app: text', 'unknown-shape'],
    ['<html><body/></html>', 'unknown-shape'],
    ['{"a":1}', 'unknown-shape'],
    ['{}', 'unknown-shape'],
    ['{"Type":"Event"}', 'no-time'],
  ])('%j', (text, reason) => {
    const result = decodeText(text);
    expect(result.records).toEqual([]);
    expect(reasons(result)).toEqual([[0, reason]]);
    expect(result.rejected[0]!.detail).not.toBe('');
  });

  it('costs JSON lines only the bad line', () => {
    const good = JSON.stringify(row());
    const result = decodeText(`${good}\n{"records":[${good}\nnonsense\n${good}\n`);
    expect(result.records.map(({ index }) => index)).toEqual([0, 3]);
    expect(reasons(result)).toEqual([
      [1, 'invalid-json'],
      [2, 'invalid-json'],
    ]);
    expect(result.rejected[1]!.raw).toBe('nonsense');
  });

  it('names the nearest shape', () => {
    const detail = (record: object) => decodeText(JSON.stringify(record)).rejected[0]!.detail;
    expect(detail({ '@timestamp': TIME, agent: {}, ecs: {}, message: 'x' })).toMatch(/nearest: Winlogbeat/);
    expect(detail({ SourceModuleName: 'in', EventReceivedTime: TIME })).toMatch(/nearest: NXLog/);
    expect(detail({ ProviderName: 'x', StringInserts: [] })).toMatch(/nearest: Fluent Bit/);
    expect(detail({ q: 1 })).toMatch(/no shape knows q/);
    const splunk = decodeText('09/15/2026 10:37:09 AM\r\nLogName=Security\r\nEventCode=4624').rejected[0]!;
    expect(splunk.detail).toMatch(/nearest: Windows event XML .*renderXml/);
  });

  it('says when a shape is known but its event has no id or time', () => {
    const winlog = { provider_name: 'p', event_data: {} };
    expect(reasons(decodeText(JSON.stringify({ winlog: { ...winlog, event_id: 1 } })))).toEqual([[0, 'no-time']]);
    expect(reasons(decodeText(JSON.stringify({ winlog, '@timestamp': TIME })))).toEqual([[0, 'unknown-shape']]);
  });

  it('bounds nesting', () => {
    const deep = `{"Type":"T","TimeGenerated":"${TIME}","a":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    const result = decodeText(`{"records":[${deep},${JSON.stringify(row())}]}`);
    expect(reasons(result)).toEqual([[0, 'too-deep']]);
    expect(result.records).toHaveLength(1);
    for (const text of ['['.repeat(300_000), '{"a":'.repeat(100_000), `${'['.repeat(50_000)}${']'.repeat(50_000)}`]) {
      expect(decodeText(text).rejected).toHaveLength(1);
    }
  });

  it('describes the first thousand bad records of a flood, and counts all', () => {
    const { rejected } = decodeText(`[${Array(5000).fill('0').join()}]`);
    expect(rejected).toHaveLength(5000);
    expect(rejected[999]).toMatchObject({ index: 999, reason: 'not-an-object', raw: '0' });
    expect(rejected[1000]).toMatchObject({ index: 1000, reason: 'not-an-object', raw: expect.any(Buffer) });
  });

  it('never throws, and gives the same for the same bytes', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map(Buffer.from),
      fc.string().map((text) => Buffer.from(`<Event>${text}</Event>`)),
    );
    fc.assert(
      fc.property(noise, (body) => {
        const result = decode({ body });
        expect(decode({ body })).toEqual(result);
        const indexes = [...result.records, ...result.rejected].map(({ index }) => index).sort((a, b) => a - b);
        expect(indexes).toEqual(indexes.map((_, position) => position));
      }),
    );
  });

  it('never fails within a shape, whatever stands under the names that it looks for', () => {
    const names = [
      ...recordShapes.flatMap(({ hints }) => hints),
      ...'EventID SourceName Hostname Message EventXML Type event_id log_name provider_name name System Provider TimeCreated EventData UserData Data category resourceId winlog event_data user_data message log level user computer security data __proto__ constructor'.split(
        ' ',
      ),
    ];
    const text = fc.constantFrom(TIME, '<Event>', '<Event><System/></Event>', '1', '{"a":1}', 'ProviderName=\n=', '-');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'medium' }, text, fc.integer(), fc.constant(null), tie('list'), tie('object')),
      list: fc.array(tie('value'), { maxLength: 4 }),
      object: fc
        .array(fc.tuple(fc.constantFrom(...names), tie('value')), { maxLength: 10 })
        .map((entries) => entries.map(([name, item]) => `${JSON.stringify(name)}:${json(item)}`))
        .map((parts) => new Raw(`{${parts.join()}}`)),
    }));
    fc.assert(
      fc.property(value, (item) => {
        const { records, rejected } = decode({ body: Buffer.from(json(item)) });
        expect(rejected.filter(({ detail }) => detail.startsWith('could not be read'))).toEqual([]);
        for (const { fields } of records) expect(fields.TimeGenerated).toMatch(/^\d{4}-.*Z$/);
        expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(12);
      }),
      { numRuns: 3000 },
    );
  });

  it('never throws on a damaged message', () => {
    const body = Buffer.from(JSON.stringify({ records: [row(), { winlog: { event_id: 1 } }, { resourceLogs: [{}] }] }));
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.nat(255), fc.nat(body.length), (at, byte, end) => {
        const damaged = Buffer.from(body);
        damaged[at] = byte;
        expect(() => decode({ body: damaged })).not.toThrow();
        const { records, rejected } = decode({ body: damaged.subarray(0, end) });
        expect(records.length + rejected.length).toBeGreaterThan(0);
      }),
    );
  });
});
