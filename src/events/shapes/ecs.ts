import { integer, isObject, type JsonObject, own, ownObject, scalarText, toJson } from '../json';
import { normalizeTime } from '../time';
import { accountOfSid } from '../windows/accounts';
import { eventData, eventRow, unorderedEventData } from '../windows/event-row';
import { levelOfName } from '../windows/levels';
import { isSysmon } from '../windows/sysmon-fields';
import { withEcsFields } from './ecs-sysmon';
import { readXmlText } from './raw-xml';
import type { RecordShape } from './shape';

/**
 * Winlogbeat and Elastic Agent: Elastic Common Schema with a `winlog` object.
 * https://www.elastic.co/docs/reference/beats/winlogbeat/exported-fields-winlog
 * Where the event's XML travels with it (`include_xml`), that is read instead.
 */
export const ecs: RecordShape = {
  name: 'Winlogbeat / Elastic Agent (ECS)',
  hints: ['winlog', '@timestamp', 'agent', 'ecs', 'data_stream'],
  matches: (record) => isObject(own(record, 'winlog')),
  read: (record, out) => {
    const winlog = ownObject(record, 'winlog');
    const event = ownObject(record, 'event');
    const original = own(event, 'original');
    const message = scalarText(own(record, 'message'));
    if (typeof original === 'string' && /^\s{0,16}<Event[\s>]/.test(original)) {
      readXmlText(original, out, message);
      return;
    }
    const eventId = integer(own(winlog, 'event_id')) ?? integer(own(event, 'code'));
    const time = normalizeTime(own(winlog, 'time_created')) ?? normalizeTime(own(record, '@timestamp'));
    if (eventId === undefined || time === undefined) {
      const what = eventId === undefined ? 'winlog.event_id is not a number' : '@timestamp is not a time';
      out.reject(eventId === undefined ? 'unknown-shape' : 'no-time', `Winlogbeat: ${what}`, () => toJson(record));
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
        userName: userOf(ownObject(winlog, 'user')),
        message,
        data: dataOf(record, winlog, provider, eventId),
      }),
    );
  },
};

function userOf(user: JsonObject): string {
  const name = scalarText(own(user, 'name'));
  const domain = scalarText(own(user, 'domain'));
  return name ? (domain ? `${domain}\\${name}` : name) : accountOfSid(scalarText(own(user, 'identifier')));
}

function dataOf(record: JsonObject, winlog: JsonObject, provider: string, eventId: number): string {
  const values = new Map<string, string>();
  const data = ownObject(winlog, 'event_data');
  for (const name of Object.keys(data)) {
    const value = data[name];
    values.set(name, scalarText(value) ?? (value === null || value === undefined ? '' : toJson(value)));
  }
  if (isSysmon(provider)) withEcsFields(record, eventId, values);
  const unnamed = [...values].every(([name]) => /^param\d+$/.test(name));
  if (!unnamed) return unorderedEventData(provider, eventId, values);
  const byNumber = [...values].sort(([a], [b]) => Number(a.slice(5)) - Number(b.slice(5)));
  return eventData(byNumber.map(([, value]): [undefined, string] => [undefined, value]));
}
