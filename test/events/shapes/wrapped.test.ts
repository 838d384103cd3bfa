import { decode } from '../../../src/events/decode';
import { readSample } from '../sample';
import { CHANNEL, reasonOf, rowOf, SYSMON } from './rows';

const event = {
  '@timestamp': '2026-03-14T14:31:07.101Z',
  winlog: { channel: CHANNEL, provider_name: SYSMON, event_id: '5', computer_name: 'ws', event_data: { Image: 'a' } },
};
const row = rowOf(event);

describe('an event in a property is read as if it stood alone', () => {
  it.each([
    ["Splunk's HTTP Event Collector", { time: 1773498667.1, host: 'h', sourcetype: 'x', event }],
    ['Kafka Connect', { schema: { type: 'struct', fields: [] }, payload: event }],
    ['JSON text', { host: 'h', message: JSON.stringify(event) }],
    ['JSON text in JSON text', { log: JSON.stringify({ message: JSON.stringify(event) }) }],
    ['beside what looks like JSON', { a: '{"x', b: '{"y":1}', message: JSON.stringify(event) }],
  ])('%s', (_name, record) => {
    expect(rowOf(record)).toEqual(row);
  });

  it('also a row of a table', () => {
    const inner = { Type: 'Syslog', TimeGenerated: '2026-03-14T14:31:07Z', big: 9007199254740993n };
    const text = JSON.stringify(inner, (_key, value) => (typeof value === 'bigint' ? String(value) : value)).replace(
      '"9007199254740993"',
      '9007199254740993',
    );
    const { records } = decode({ body: Buffer.from(JSON.stringify({ payload: text })) });
    expect(records).toMatchObject([{ table: 'Syslog', fields: { big: 9007199254740993n } }]);
  });

  it('OpenTelemetry in the form of OpenSearch', () => {
    const body = readSample('opentelemetry-body.ndjson').toString().trim();
    const { fields } = decode({ body: Buffer.from(body) }).records[0]!;
    const record = { '@timestamp': '2026-03-14T14:31:08Z', body, severity: { text: '', number: 9 }, attributes: {} };
    expect(rowOf(record)).toEqual(fields);
  });
});

it('is no event where none is in it', () => {
  expect(reasonOf({ message: '{"a":1}', nested: { Type: 'x' } })[0]).toBe('unknown-shape');
});

it('is not believed where a stranger may have written it', () => {
  const request = { path: '/', user_agent: JSON.stringify(event), headers: { referer: JSON.stringify(event) } };
  expect(reasonOf(request)[0]).toBe('unknown-shape');
});

it('bounds what it looks at', () => {
  const deep = `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`;
  expect(reasonOf({ message: deep })[0]).toBe('unknown-shape');
  const nested = { a: { b: { c: { d: event } } } };
  expect(reasonOf(nested)[0]).toBe('unknown-shape');
  const wide = Object.fromEntries(Array.from({ length: 100 }, (_, number) => [`p${number}`, { a: 1 }]));
  expect(reasonOf({ ...wide, event })[0]).toBe('unknown-shape');
});

describe('a list that an object holds and nothing else', () => {
  it.each(['events', 'value', 'expected'])('%s', (name) => {
    const { records, rejected } = decode({ body: Buffer.from(JSON.stringify({ [name]: [event, event] })) });
    expect(rejected).toEqual([]);
    expect(records.map(({ index, fields }) => [index, fields.EventID])).toEqual([
      [0, 5],
      [1, 5],
    ]);
  });

  it('is part of a record where it holds no objects', () => {
    expect(reasonOf({ values: [1, 2] })[0]).toBe('unknown-shape');
    expect(reasonOf({ values: [event, 2] })[0]).toBe('unknown-shape');
  });
});
