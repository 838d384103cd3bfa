import { integer, type JsonObject, own, scalarText, toJson } from '../json';
import { normalizeTime } from '../time';
import { accountOfSid } from '../windows/accounts';
import { eventRow, unorderedEventData } from '../windows/event-row';
import { levelOfName } from '../windows/levels';
import { isSysmon, sysmonFields } from '../windows/sysmon-fields';
import { escapeText } from '../xml';
import type { RecordShape } from './shape';

/** Fields that im_msvistalog and NXLog itself set; everything else is the event's own data. */
const NXLOG_FIELDS = new Set(
  `EventTime EventReceivedTime Hostname Keywords EventType SeverityValue Severity EventID SourceName ProviderGuid Version Task
  OpcodeValue RecordNumber ProcessID ExecutionProcessID ExecutionThreadID ThreadID Channel Domain AccountName UserID AccountType Message Category
  Opcode ActivityID RelatedActivityID SourceModuleName SourceModuleType MessageSourceAddress LevelValue Level @timestamp @version
  host port tags type`.split(/\s+/),
);
const LEVEL_OF_SEVERITY = [undefined, 5, 4, 3, 2, 1];
const UNESCAPED = /[<>]|&(?!amp;|lt;|gt;)/;

/**
 * NXLog's im_msvistalog as flat JSON (`to_json`) or XML (`to_xml`).
 * https://docs.nxlog.co/refman/current/im/msvistalog.html
 * Its field names know no case, so its own ProcessID and EventType take the place of the event's: these two come back
 * from the rendered message.
 */
export const nxlog: RecordShape = {
  name: 'NXLog',
  hints: ['SourceModuleName', 'SourceModuleType', 'EventReceivedTime', 'SeverityValue', 'EventTime', 'RecordNumber'],
  matches: (record) =>
    Object.hasOwn(record, 'EventID') &&
    Object.hasOwn(record, 'SourceName') &&
    Object.hasOwn(record, 'EventTime') &&
    Object.hasOwn(record, 'Hostname'),
  read: (record, out) => {
    const eventId = integer(own(record, 'EventID'));
    const time = timeOf(record);
    if (eventId === undefined || time === undefined) {
      const what = eventId === undefined ? 'EventID is not a number' : 'EventTime is not a time';
      out.reject(eventId === undefined ? 'unknown-shape' : 'no-time', `NXLog: ${what}`, () => toJson(record));
      return;
    }
    const text = (name: string) => scalarText(own(record, name));
    const provider = text('SourceName') ?? '';
    const message = text('Message');
    const values = valuesOf(record, provider, eventId, message);
    // NXLog hands values over as they stand in Windows' XML; a build that resolves escapes shows it in some value.
    const escaped = [...values.values()].every((value) => !UNESCAPED.test(value));
    out.row(
      'Event',
      eventRow({
        provider,
        channel: text('Channel') ?? '',
        computer: text('Hostname') ?? '',
        eventId,
        level: levelOfName(text('EventType')) ?? LEVEL_OF_SEVERITY[integer(own(record, 'SeverityValue')) ?? 0] ?? 4,
        task: integer(own(record, 'Task')),
        time,
        userName: userOf(record),
        message,
        data: unorderedEventData(provider, eventId, values, escaped ? (value) => value : escapeText),
      }),
    );
  },
};

/** EventTime is the sender's local time where it has no zone; Sysmon's own UtcTime is not. */
function timeOf(record: JsonObject): string | undefined {
  const given = scalarText(own(record, 'EventTime')) ?? '';
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(given);
  return (hasZone ? undefined : normalizeTime(own(record, 'UtcTime'))) ?? normalizeTime(given);
}

function userOf(record: JsonObject): string {
  const account = scalarText(own(record, 'AccountName'));
  const domain = scalarText(own(record, 'Domain'));
  if (account) return domain ? `${domain}\\${account}` : account;
  return accountOfSid(scalarText(own(record, 'UserID')));
}

function valuesOf(
  record: JsonObject,
  provider: string,
  eventId: number,
  message: string | undefined,
): Map<string, string> {
  const values = new Map<string, string>();
  for (const name of Object.keys(record)) {
    const value = scalarText(record[name]);
    if (value !== undefined && !NXLOG_FIELDS.has(name)) values.set(name, value);
  }
  const fields = isSysmon(provider) ? (sysmonFields(eventId) ?? []) : [];
  for (const name of ['ProcessId', 'EventType']) {
    if (values.has(name) || !fields.some((field) => field.name === name)) continue;
    const line = new RegExp(`^${name}: ([^\\r\\n]{0,64})`, 'm').exec(message ?? '');
    if (line !== null) values.set(name, line[1]!);
  }
  return values;
}
