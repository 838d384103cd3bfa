import { integer, isObject, type JsonObject, own, scalarText, toJson } from '../json';
import { normalizeTime } from '../time';
import { accountOfSid } from '../windows/accounts';
import { eventData, eventRow, type Payload, unorderedEventData } from '../windows/event-row';
import { levelOfName } from '../windows/levels';
import { renderedMessage } from '../windows/message';
import { namedUserData } from '../windows/user-data';
import { readXmlText } from './raw-xml';
import type { RecordShape } from './shape';

/**
 * Vector's windows_event_log source. https://vector.dev/docs/reference/configuration/sources/windows_event_log/
 * (Vector passing raw XML on is `rawXml`.)
 */
export const vector: RecordShape = {
  name: 'Vector windows_event_log',
  hints: ['provider_name', 'channel', 'event_id', 'string_inserts', 'source_type'],
  matches: (record) =>
    Object.hasOwn(record, 'provider_name') &&
    Object.hasOwn(record, 'event_id') &&
    ['event_data', 'user_data', 'string_inserts', 'record_id'].some((name) => Object.hasOwn(record, name)),
  read: (record, out) => {
    const xml = own(record, 'xml');
    const given = scalarText(own(record, 'message'));
    const message = given === undefined || MADE.test(given) ? undefined : renderedMessage(given);
    const userName = scalarText(own(record, 'user_name'));
    if (typeof xml === 'string' && /^\s{0,16}<Event[\s>]/.test(xml)) {
      readXmlText(xml, out, { message, userName });
      return;
    }
    const eventId = integer(own(record, 'event_id'));
    const time = normalizeTime(own(record, 'timestamp'));
    if (eventId === undefined || time === undefined) {
      const what = eventId === undefined ? 'event_id is not a number' : 'timestamp is not a time';
      out.reject(eventId === undefined ? 'unknown-shape' : 'no-time', `Vector: ${what}`, () => toJson(record));
      return;
    }
    const provider = scalarText(own(record, 'provider_name')) ?? '';
    const level = scalarText(own(record, 'level'));
    out.row(
      'Event',
      eventRow({
        provider,
        channel: scalarText(own(record, 'channel')) ?? '',
        computer: scalarText(own(record, 'computer')) ?? '',
        eventId,
        level: integer(own(record, 'level_value')) ?? levelOfName(level) ?? integer(level) ?? 4,
        task: integer(own(record, 'task')),
        time,
        userName: userName || accountOfSid(scalarText(own(record, 'user_id'))),
        message,
        data: dataOf(record, provider, eventId),
      }),
    );
  },
};

/** What the source says for a message that it has not rendered. */
const MADE = /^Event ID \d{1,10} from .{0,512} on .{0,512}$/;

/** Named values without order (of UserData, their element is lost), or those of an event that names none. */
function dataOf(record: JsonObject, provider: string, eventId: number): Payload {
  const named = own(record, 'event_data') ?? own(record, 'user_data');
  if (isObject(named)) {
    const values = new Map(
      Object.entries(named).map(([name, value]): [string, string] => [name, scalarText(value) ?? '']),
    );
    return Object.hasOwn(record, 'event_data')
      ? unorderedEventData(provider, eventId, values)
      : namedUserData(undefined, values);
  }
  const inserts = own(record, 'string_inserts');
  const values = Array.isArray(inserts) ? inserts : [];
  return eventData(values.map((value): [undefined, string] => [undefined, scalarText(value) ?? '']));
}
