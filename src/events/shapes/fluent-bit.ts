import { integer, type JsonObject, own, scalarText } from '../json';
import { key, SHAPE_TEXTS_SET } from '../keys';
import { normalizeEpoch, normalizeTime } from '../time';
import { accountOfSid } from '../windows-log/accounts';
import { eventData, eventRow, type Payload } from '../windows-log/event-row';
import { isSysmon, namesByPosition } from '../windows-log/sysmon-fields';
import { messageValues } from '../windows-log/sysmon-message';
import { isTimeAt, numberAt, type RecordShape, rejectIncomplete } from './shape';

/** Where the values by position stand: Fluent Bit's name, Fluentd's. */
const VALUES = ['StringInserts', 'EventData'];
const BEGIN_OF_TEXT = 'ProviderName=';
const [PROVIDER, EVENT_ID, INSERTS, CREATED] = ['ProviderName', 'EventID', 'StringInserts', 'TimeCreated'].map(key) as [
  number,
  number,
  number,
  number,
];

/**
 * Fluent Bit's winevtlog input and Fluentd's windows_eventlog2: system fields flat, the event's values by position.
 * https://docs.fluentbit.io/manual/data-pipeline/inputs/windows-event-log-winevtlog
 * https://github.com/fluent/fluent-plugin-windows-eventlog
 * Names come from Sysmon's manifest, told by the number of values; a provider whose manifest is not known keeps values
 * without names. Fluent Bit's TimeCreated has whole seconds; with `render_event_as_text` the fields are lines of one text.
 */
export const fluentBit: RecordShape = {
  name: 'Fluent Bit winevtlog / Fluentd windows_eventlog2',
  hints: ['ProviderName', 'StringInserts', 'EventRecordID', 'TimeCreated', 'Qualifiers'],
  matches: (record) =>
    (Object.hasOwn(record, 'ProviderName') &&
      Object.hasOwn(record, 'EventID') &&
      (Object.hasOwn(record, 'StringInserts') || Object.hasOwn(record, 'TimeCreated'))) ||
    textIn(record) !== undefined,
  glance: (record) => {
    if (!record.has(PROVIDER) || !record.has(EVENT_ID) || !(record.has(INSERTS) || record.has(CREATED)))
      return record.find(SHAPE_TEXTS_SET) > 0 ? undefined : false;
    return isTimeAt(record, CREATED) ? numberAt(record, EVENT_ID) : undefined;
  },
  read: (given, out) => {
    const text = Object.hasOwn(given, 'ProviderName') ? undefined : textIn(given);
    const record = text === undefined ? given : { ...given, ...fieldsOfText(text) };
    const eventId = integer(own(record, 'EventID'));
    const time =
      normalizeTime(own(record, 'TimeCreated')) ??
      normalizeTime(own(record, '@timestamp')) ??
      normalizeEpoch(own(record, '@timestamp') ?? own(record, 'date'));
    if (eventId === undefined || time === undefined) {
      rejectIncomplete(out, given, 'Fluent Bit', {
        eventId,
        noId: 'EventID is not a number',
        noTime: 'TimeCreated is not a time',
      });
      return;
    }
    const provider = scalarText(own(record, 'ProviderName')) ?? '';
    const message = scalarText(own(record, 'Message')) ?? scalarText(own(record, 'Description'));
    out.row(
      'Event',
      eventRow({
        provider,
        channel: scalarText(own(record, 'Channel')) ?? '',
        computer: scalarText(own(record, 'Computer')) ?? '',
        eventId,
        level: integer(own(record, 'Level')) ?? 4,
        task: integer(own(record, 'Task')),
        time,
        userName: accountOfSid(scalarText(own(record, 'UserID'))),
        message,
        data: dataOf(record, provider, eventId, message ?? ''),
      }),
    );
  },
};

function textIn(record: JsonObject): string | undefined {
  for (const name in record) {
    const value = record[name];
    if (typeof value === 'string' && value.startsWith(BEGIN_OF_TEXT)) return value;
  }
  return undefined;
}

/** `Name=value` lines; the last field is the message, which may have several lines. */
function fieldsOfText(text: string): JsonObject {
  const fields = new Map<string, string>();
  for (let start = 0; start < text.length; ) {
    const isMessage = text.startsWith('Message=', start);
    const found = text.indexOf('\n', start);
    const end = isMessage || found < 0 ? text.length : found;
    const equals = text.indexOf('=', start);
    if (equals >= 0 && equals < end) fields.set(text.slice(start, equals), text.slice(equals + 1, end));
    start = end + 1;
  }
  return Object.fromEntries(fields);
}

const GUID = /^\{[0-9A-F-]{36}\}$/;
const isGuid = (value: string): boolean => value.length === 38 && GUID.test(value);

/** GUIDs come in capitals, whatever Windows writes on that machine: the rendered message shows it. */
function dataOf(record: JsonObject, provider: string, eventId: number, message: string): Payload {
  const inserts = VALUES.map((name) => own(record, name)).find(Array.isArray) ?? [];
  const values = inserts.map((value) => scalarText(value) ?? '');
  const names = isSysmon(provider) ? namesByPosition(eventId, values.length) : undefined;
  const told =
    names !== undefined && values.some((value) => isGuid(value)) ? messageValues(eventId, message) : undefined;
  return eventData(
    values.map((value, position): [string | undefined, string] => {
      const name = names?.[position];
      const written = name === undefined ? undefined : told?.get(name);
      return [name, isGuid(value) && written?.toUpperCase() === value ? written : value];
    }),
  );
}
