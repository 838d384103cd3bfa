import { gzipSync } from 'node:zlib';
import { decode, MAX_RECORDS } from '../../../src/events/decode';
import { type LegRequirements, Prefilter } from '../../../src/prefilter';
import { type Attack, filled, MOST_OF_DECODER, UNITS } from './attack';

const TIME = '2026-01-02T03:04:05Z';
const row = (data: string): string =>
  JSON.stringify({
    TimeGenerated: TIME,
    Type: 'Event',
    Source: 'Microsoft-Windows-Sysmon',
    EventID: 1,
    EventData: data,
  });
const event = (data: string): string =>
  `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><EventID>1</EventID><TimeCreated SystemTime="${TIME}"/><Computer>c</Computer></System><EventData>${data}</EventData></Event>`;

/** Where in a message the repeated part stands. */
const FRAMES: Readonly<Record<string, (text: string) => string>> = {
  alone: (text) => text,
  'after a letter': (text) => `x${text}`,
  'before a record': (text) => `${text}${row('a')}`,
  'after a record': (text) => `${row('a')}${text}`,
  'between records': (text) => `${row('a')}${text}\n${row('b')}`,
  'a JSON string': (text) => row(text),
  'an open JSON string': (text) => `{"Type":"Event","EventData":"${text}`,
  'a JSON key': (text) => `{"Type":"Event",${JSON.stringify(text)}:1}`,
  'a list of records': (text) => `{"records":[${text}]}`,
  'event XML': (text) => event(`<Data Name="a">${text}</Data>`),
  'an XML attribute': (text) => event(`<Data Name="${text}">a</Data>`),
  'after event XML': (text) => `${event('')}${text}`,
  'a column of XML': (text) => row(`<DataItem><EventData><Data Name="a">${text}</Data></EventData></DataItem>`),
  'after a syslog header': (text) => `<13>1 ${TIME} host app - - - ${text}`,
  Winlogbeat: (text) =>
    JSON.stringify({
      '@timestamp': TIME,
      winlog: { event_id: 1, channel: 'Microsoft-Windows-Sysmon/Operational', event_data: { CommandLine: text } },
      message: text,
    }),
  OpenTelemetry: (text) =>
    JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: text } }] }] }] }),
};

/** More literals than are looked for one by one, and one that hostile text is full of. */
const LITERALS = ['\\\\tool.exe', 'aaaaaaaaab', '"a":"b"', '<a b="2"', 'Malicious', '{}{}x', 'zz zz zz'];
const prefilter = new Prefilter(
  LITERALS.map(
    (text, number): LegRequirements => [
      [
        { kind: 'table', name: 'Event' },
        { kind: 'number', column: 'EventID', values: [1, 3] },
        { kind: 'literal', text, caseSensitive: number % 2 === 0 },
      ],
    ],
  ),
);

/** What is read of a message, and how much of it would be kept in dead letters. Throws where that is more than the message itself. */
function read(body: Buffer): void {
  const { records, rejected, text } = decode({ body });
  if (records.length + rejected.length > MAX_RECORDS) throw new Error(`${records.length + rejected.length} records`);
  let kept = 0;
  for (const { raw } of rejected) if (typeof raw === 'string') kept += raw.length;
  if (kept > 2 * text + 1000) throw new Error(`${kept} characters of bad records in a text of ${text}`);
}

/** Bytes of one gzip member; a body is as many of them as make it inflate a thousandfold. */
const MEMBER = 1 << 18;
const PACKED: readonly string[] = ['{}', '{}\n', '[]', '[[],', '<a>', '\n ', 'a', `${row('a')}\n`];

export const decoderAttacks: readonly Attack[] = [
  ...Object.entries(FRAMES).flatMap(([frame, put]) =>
    UNITS.map(
      (unit): Attack => ({
        name: `decoder: ${JSON.stringify(unit)} repeated, ${frame}`,
        most: MOST_OF_DECODER,
        prepare(bytes) {
          const body = Buffer.from(put(filled(unit, bytes)));
          return () => [read(body), prefilter.judge(body)];
        },
      }),
    ),
  ),
  ...PACKED.map(
    (unit): Attack => ({
      name: `decoder: ${JSON.stringify(unit.slice(0, 10))} packed by gzip`,
      // All that a body may inflate to is read.
      most: { ms: 3_000, usPerByte: 0 },
      prepare(bytes) {
        const member = gzipSync(unit.repeat(Math.ceil(MEMBER / unit.length)));
        const body = Buffer.concat(new Array<Buffer>(Math.ceil((bytes * 1000) / MEMBER)).fill(member));
        return () => [read(body), prefilter.judge(body)];
      },
    }),
  ),
];
