import { integer, type JsonObject, own, ownObject, scalarText } from '../json';
import { key } from '../keys';
import { normalizeTime } from '../time';
import { accountOfSid } from '../windows-log/accounts';
import { eventData, eventRow, type Payload, unorderedEventData } from '../windows-log/event-row';
import { levelOfName } from '../windows-log/levels';
import { renderedMessage } from '../windows-log/message';
import { namedUserData } from '../windows-log/user-data';
import { readEventXml } from '../windows-log/xml-event';
import { isTimeAt, numberAt, type RecordShape, rejectIncomplete } from './shape';

const DETAILS = ['event_data', 'user_data', 'string_inserts', 'record_id'];
const PROVIDER = key('provider_name');
const EVENT_ID = key('event_id');
const DETAIL_KEYS = DETAILS.map(key);
const XML = key('xml');
const STAMP = key('timestamp');

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
    DETAILS.some((name) => Object.hasOwn(record, name)),
  glance: (record) => {
    if (!record.has(PROVIDER) || !record.has(EVENT_ID) || !DETAIL_KEYS.some((name) => record.has(name))) return false;
    return !record.has(XML) && isTimeAt(record, STAMP) ? numberAt(record, EVENT_ID) : undefined;
  },
  read: (record, out) => {
    const given = scalarText(own(record, 'message'));
    const message = given === undefined || MADE.test(given) ? undefined : renderedMessage(given);
    const userName = scalarText(own(record, 'user_name'));
    const xml = own(record, 'xml');
    const row = typeof xml === 'string' ? readEventXml(xml, { message, userName }) : undefined;
    if (row !== undefined) {
      out.row('Event', row);
      return;
    }
    const eventId = integer(own(record, 'event_id'));
    const time = normalizeTime(own(record, 'timestamp'));
    if (eventId === undefined || time === undefined) {
      rejectIncomplete(out, record, 'Vector', {
        eventId,
        noId: 'event_id is not a number',
        noTime: 'timestamp is not a time',
      });
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

/** Named values without order and those without names behind them; of UserData the element is lost. */
function dataOf(record: JsonObject, provider: string, eventId: number): Payload {
  const named = ownObject(record, 'event_data');
  const inserts = own(record, 'string_inserts');
  const texts = Array.isArray(inserts) ? inserts.map((value) => scalarText(value) ?? '') : [];
  const values = textsOf(named);
  const ordered = orderedBy(values, texts);
  if (ordered !== undefined) return unorderedEventData(provider, eventId, ordered);
  if (texts.length > 0) return eventData([...values, ...texts.map((value): [undefined, string] => [undefined, value])]);
  const user = ownObject(record, 'user_data');
  if (values.size === 0 && Object.keys(user).length > 0) return namedUserData(undefined, textsOf(user));
  return unorderedEventData(provider, eventId, values);
}

const textsOf = (object: JsonObject): Map<string, string> =>
  new Map(Object.entries(object).map(([name, value]): [string, string] => [name, scalarText(value) ?? '']));

/** Named values in the order of a list of the same values; `undefined` where the list has others. */
function orderedBy(values: ReadonlyMap<string, string>, texts: readonly string[]): Map<string, string> | undefined {
  if (texts.length === 0 || texts.length !== values.size) return undefined;
  const names = new Map<string, string[]>();
  for (const [name, value] of [...values].reverse()) {
    const list = names.get(value);
    if (list === undefined) names.set(value, [name]);
    else list.push(name);
  }
  const ordered = new Map<string, string>();
  for (const text of texts) {
    const name = names.get(text)?.pop();
    if (name === undefined) return undefined;
    ordered.set(name, text);
  }
  return ordered;
}
