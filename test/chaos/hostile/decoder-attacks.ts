import { deflateRawSync, gzipSync } from 'node:zlib';
import { decode } from '../../../src/events/decode';
import { createPrefilter } from '../../../src/prefilter';
import { type Attack, filled, UNITS } from './attack';

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

const prefilter = createPrefilter([]);

export const decoderAttacks: readonly Attack[] = [
  ...Object.entries(FRAMES).flatMap(([frame, put]) =>
    UNITS.map(
      (unit): Attack => ({
        name: `decoder: ${JSON.stringify(unit)} repeated, ${frame}`,
        prepare(bytes) {
          const body = Buffer.from(put(filled(unit, bytes)));
          return () => [decode({ body }), prefilter(body)];
        },
      }),
    ),
  ),
  ...(
    [
      ['{}', 40],
      ['{}\n', 40],
      ['[]', 40],
      [`${row('a')}\n`, 40],
      ['<a>', 40],
      ['\n ', 40],
      ['a', 1000],
    ] as const
  ).flatMap(([unit, times]) =>
    [gzipSync, deflateRawSync].map(
      (pack): Attack => ({
        name: `decoder: ${JSON.stringify(unit.slice(0, 10))} packed by ${pack.name}`,
        prepare(bytes) {
          const body = pack(Buffer.from(filled(unit, bytes * times)));
          return () => decode({ body });
        },
      }),
    ),
  ),
];
