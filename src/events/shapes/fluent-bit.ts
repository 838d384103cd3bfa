import { integer, own, scalarText, toJson } from '../json';
import { normalizeEpoch, normalizeTime } from '../time';
import { accountOfSid } from '../windows/accounts';
import { eventData, eventRow } from '../windows/event-row';
import { isSysmon, namesByPosition } from '../windows/sysmon-fields';
import type { RecordShape } from './shape';

/**
 * Fluent Bit's winevtlog input: system fields flat, the event's values by position in `StringInserts`.
 * https://docs.fluentbit.io/manual/data-pipeline/inputs/windows-event-log-winevtlog
 * Names come from Sysmon's manifest, told by the number of values; a provider whose manifest is not known keeps values
 * without names. TimeCreated has whole seconds.
 */
export const fluentBit: RecordShape = {
  name: 'Fluent Bit winevtlog',
  hints: ['ProviderName', 'StringInserts', 'EventRecordID', 'TimeCreated', 'Qualifiers'],
  matches: (record) =>
    Object.hasOwn(record, 'ProviderName') &&
    Object.hasOwn(record, 'EventID') &&
    (Object.hasOwn(record, 'StringInserts') || Object.hasOwn(record, 'TimeCreated')),
  read: (record, out) => {
    const eventId = integer(own(record, 'EventID'));
    const time =
      normalizeTime(own(record, 'TimeCreated')) ??
      normalizeTime(own(record, '@timestamp')) ??
      normalizeEpoch(own(record, '@timestamp') ?? own(record, 'date'));
    if (eventId === undefined || time === undefined) {
      const what = eventId === undefined ? 'EventID is not a number' : 'TimeCreated is not a time';
      out.reject(eventId === undefined ? 'unknown-shape' : 'no-time', `Fluent Bit: ${what}`, () => toJson(record));
      return;
    }
    const provider = scalarText(own(record, 'ProviderName')) ?? '';
    const inserts = own(record, 'StringInserts');
    const values = Array.isArray(inserts) ? inserts.map((value) => scalarText(value) ?? '') : [];
    const names = isSysmon(provider) ? namesByPosition(eventId, values.length) : undefined;
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
        message: scalarText(own(record, 'Message')),
        data: eventData(values.map((value, position): [string | undefined, string] => [names?.[position], value])),
      }),
    );
  },
};
