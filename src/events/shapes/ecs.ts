import { integer, isObject, type JsonObject, own, ownObject, scalarText, toJson } from '../json';
import { key } from '../keys';
import { normalizeTime } from '../time';
import { accountName, accountOfSid } from '../windows-log/accounts';
import { eventData, eventRow, type Payload, unorderedEventData } from '../windows-log/event-row';
import { levelOfName } from '../windows-log/levels';
import { renderedMessage } from '../windows-log/message';
import { isSysmon, shownAge, sysmonFields } from '../windows-log/sysmon-fields';
import { addMessageValues } from '../windows-log/sysmon-message';
import { namedUserData } from '../windows-log/user-data';
import { readEventXml } from '../windows-log/xml-event';
import { addMovedFields } from './ecs-sysmon';
import { isTimeAt, numberAt, type RecordShape, rejectIncomplete } from './shape';

const [WINLOG, EVENT, STAMP, EVENT_ID, ORIGINAL] = ['winlog', 'event', '@timestamp', 'event_id', 'original'].map(
  key,
) as [number, number, number, number, number];

/**
 * Winlogbeat and Elastic Agent: Elastic Common Schema with a `winlog` object.
 * https://www.elastic.co/docs/reference/beats/winlogbeat/exported-fields-winlog
 * Where the event's XML travels with it (`include_xml`), that is read instead, if it is whole.
 */
export const ecs: RecordShape = {
  name: 'Winlogbeat / Elastic Agent (ECS)',
  hints: ['winlog', '@timestamp', 'agent', 'ecs', 'data_stream'],
  matches: (record) => isObject(own(record, 'winlog')),
  glance: (record) => {
    const winlog = record.objectAt(WINLOG);
    if (winlog === undefined) return false;
    const event = record.objectAt(EVENT);
    if (!isTimeAt(record, STAMP)) return undefined;
    record.enter(winlog);
    const eventId = numberAt(record, EVENT_ID);
    if (event === undefined) return eventId;
    record.enter(event);
    return record.has(ORIGINAL) ? undefined : eventId;
  },
  read: (record, out) => {
    const winlog = ownObject(record, 'winlog');
    const event = ownObject(record, 'event');
    const original = own(event, 'original');
    const message = renderedMessage(scalarText(own(record, 'message')));
    const userName = accountOf(ownObject(winlog, 'user'));
    const xml = typeof original === 'string' ? readEventXml(original, { message, userName }) : undefined;
    if (xml !== undefined) {
      out.row('Event', xml);
      return;
    }
    const eventId = integer(own(winlog, 'event_id')) ?? integer(own(event, 'code'));
    const time = timeOf(record, winlog);
    if (eventId === undefined || time === undefined) {
      rejectIncomplete(out, record, 'Winlogbeat', {
        eventId,
        noId: 'winlog.event_id is not a number',
        noTime: '@timestamp is not a time',
      });
      return;
    }
    const provider = scalarText(own(winlog, 'provider_name')) ?? scalarText(own(event, 'provider')) ?? '';
    out.row(
      'Event',
      eventRow({
        provider,
        channel: scalarText(own(winlog, 'channel')) ?? '',
        computer: scalarText(own(winlog, 'computer_name')) ?? scalarText(own(ownObject(record, 'host'), 'name')) ?? '',
        eventId,
        level:
          levelOfName(scalarText(own(ownObject(record, 'log'), 'level'))) ??
          levelOfName(scalarText(own(winlog, 'level'))) ??
          4,
        task: integer(own(winlog, 'task')),
        time,
        userName: userName ?? accountOfSid(scalarText(own(ownObject(winlog, 'user'), 'identifier'))),
        message,
        data: dataOf(record, winlog, provider, eventId),
      }),
    );
  },
};

/** `winlog.time_created` is the event's own time, `@timestamp` as well unless a pipeline set it; the more exact of two that agree. */
function timeOf(record: JsonObject, winlog: JsonObject): string | undefined {
  const created = normalizeTime(own(winlog, 'time_created'));
  const stamped = normalizeTime(own(record, '@timestamp'));
  if (created === undefined || stamped === undefined) return created ?? stamped;
  const isMillisecond = created.endsWith('0000Z');
  return isMillisecond && created.slice(0, 23) === stamped.slice(0, 23) ? stamped : created;
}

const accountOf = (user: JsonObject): string | undefined =>
  accountName(scalarText(own(user, 'domain')), scalarText(own(user, 'name')));

const UNNAMED = /^param(\d{1,3})$/;

/** Values without names are numbered by their place, and those that are empty are dropped: they are there again, but the last. */
function unnamedValues(values: ReadonlyMap<string, string>): [undefined, string][] {
  const places = [...values.keys()].map((name) => Number(UNNAMED.exec(name)?.[1] ?? 0));
  return Array.from({ length: Math.max(...places) }, (_, place) => [undefined, values.get(`param${place + 1}`) ?? '']);
}

function dataOf(record: JsonObject, winlog: JsonObject, provider: string, eventId: number): Payload {
  const values = textsOf(ownObject(winlog, 'event_data'));
  if (isSysmon(provider)) {
    const moved = addMovedFields(record, eventId, values);
    addMessageValues(eventId, values, scalarText(own(record, 'message')));
    if (moved) addDashes(eventId, values);
  }
  const userData = textsOf(ownObject(winlog, 'user_data'));
  if (values.size === 0 && userData.size > 0) return namedUserData(userData.get('xml_name'), userData);
  const names = [...values.keys()].filter((name) => name !== 'Binary');
  if (names.length === 0 || !names.every((name) => UNNAMED.test(name)))
    return unorderedEventData(provider, eventId, values);
  return eventData(unnamedValues(values), undefined, values.get('Binary'));
}

/** Empty in Sysmon's eyes: it writes `-`. */
const DASHED = ['RuleName', 'FileVersion', 'Description', 'Product', 'Company', 'OriginalFileName'];

/** The pipelines that move fields drop those that are `-`; a Sysmon that knows the user fields has no others that are empty. */
function addDashes(eventId: number, values: Map<string, string>): void {
  if (shownAge(eventId, values) < 3) return;
  const fields = new Set((sysmonFields(eventId) ?? []).map(({ name }) => name));
  for (const name of DASHED) if (fields.has(name) && !values.has(name)) values.set(name, '-');
}

function textsOf(object: JsonObject): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(object))
    texts.set(name, scalarText(value) ?? (value === null || value === undefined ? '' : toJson(value)));
  return texts;
}
