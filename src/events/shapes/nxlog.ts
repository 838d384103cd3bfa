import { integer, type JsonObject, own, scalarText } from '../json';
import { key } from '../keys';
import { normalizeTime } from '../time';
import { accountName, accountOfSid } from '../windows-log/accounts';
import { eventRow, unorderedEventData } from '../windows-log/event-row';
import { levelOfName } from '../windows-log/levels';
import { renderedMessage } from '../windows-log/message';
import { isSysmon } from '../windows-log/sysmon-fields';
import { addMessageValues } from '../windows-log/sysmon-message';
import { readEventXml } from '../windows-log/xml-event';
import { escapeText } from '../xml';
import { isTimeAt, numberAt, type RecordShape, rejectIncomplete } from './shape';

/** Fields that im_msvistalog and NXLog itself set; everything else is the event's own data. */
const NXLOG_FIELDS = new Set(
  `EventTime EventReceivedTime Hostname Keywords SeverityValue Severity EventID SourceName ProviderGuid Version Task TaskValue
  OpcodeValue RecordNumber ExecutionProcessID ExecutionThreadID ThreadID Channel Domain AccountName UserID AccountType Message Category
  Opcode ActivityID RelatedActivityID SourceModuleName SourceModuleType MessageSourceAddress LevelValue Level EventXML TimeCreated
  SyslogFacility SyslogFacilityValue SyslogSeverity SyslogSeverityValue @timestamp @version host port tags type`.split(
    /\s+/,
  ),
);
const LEVEL_OF_SEVERITY = [undefined, 5, 4, 3, 2, 1];
const UNESCAPED = /[<>]|&(?!amp;|lt;|gt;)/;
const TIMES = ['EventTime', 'TimeCreated', 'EventReceivedTime'];
const KEYS = ['EventID', 'SourceName', 'Hostname'].map(key);
const TIME_KEYS = TIMES.map(key);
const EVENT_XML = key('EventXML');

/**
 * NXLog's im_msvistalog as flat JSON (`to_json`) or XML (`to_xml`), and what mimics it (OpenWEC's format Nxlog).
 * https://docs.nxlog.co/refman/current/im/msvistalog.html
 * Its field names know no case, so its own ProcessID and EventType take the place of the event's: these two come back
 * from the rendered message. With `CaptureEventXML` the event's XML is there, and is read.
 */
export const nxlog: RecordShape = {
  name: 'NXLog',
  hints: ['SourceModuleName', 'SourceModuleType', 'EventReceivedTime', 'SeverityValue', 'EventTime', 'RecordNumber'],
  matches: (record) =>
    Object.hasOwn(record, 'EventID') &&
    Object.hasOwn(record, 'SourceName') &&
    Object.hasOwn(record, 'Hostname') &&
    TIMES.some((name) => Object.hasOwn(record, name)),
  glance: (record) => {
    if (!KEYS.every((name) => record.has(name)) || !TIME_KEYS.some((name) => record.has(name))) return false;
    return !record.has(EVENT_XML) && isTimeAt(record, TIME_KEYS[0]!) ? numberAt(record, KEYS[0]!) : undefined;
  },
  read: (record, out) => {
    const text = (name: string) => scalarText(own(record, name));
    const message = renderedMessage(text('Message'));
    const xml = text('EventXML');
    const event = xml === undefined ? undefined : readEventXml(xml, { message, userName: accountOf(record) });
    if (event !== undefined) {
      out.row('Event', event);
      return;
    }
    const eventId = integer(own(record, 'EventID'));
    const time = timeOf(record);
    if (eventId === undefined || time === undefined) {
      rejectIncomplete(out, record, 'NXLog', {
        eventId,
        noId: 'EventID is not a number',
        noTime: 'EventTime is not a time',
      });
      return;
    }
    const provider = text('SourceName') ?? '';
    const values = valuesOf(record);
    if (isSysmon(provider)) addMessageValues(eventId, values, message);
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
        task: integer(own(record, 'TaskValue')) ?? integer(own(record, 'Task')),
        time,
        userName: accountOf(record) ?? accountOfSid(text('UserID')),
        message,
        data: unorderedEventData(provider, eventId, values, escaped ? (value) => value : escapeText),
      }),
    );
  },
};

/** EventTime is the sender's local time where it has no zone; Sysmon's own UtcTime is not. */
function timeOf(record: JsonObject): string | undefined {
  const given = TIMES.map((name) => scalarText(own(record, name))).find((value) => value !== undefined) ?? '';
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(given);
  return (hasZone ? undefined : normalizeTime(own(record, 'UtcTime'))) ?? normalizeTime(given);
}

const accountOf = (record: JsonObject): string | undefined =>
  accountName(scalarText(own(record, 'Domain')), scalarText(own(record, 'AccountName')));

/** NXLog's own ProcessID is called ExecutionProcessID where an event has one, and its EventType is a level. */
function valuesOf(record: JsonObject): Map<string, string> {
  const values = new Map<string, string>();
  for (const name of Object.keys(record)) {
    const value = scalarText(record[name]);
    if (value === undefined || NXLOG_FIELDS.has(name)) continue;
    if (name === 'ProcessID' && !Object.hasOwn(record, 'ExecutionProcessID')) continue;
    if (name === 'EventType' && levelOfName(value) !== undefined) continue;
    values.set(name, value);
  }
  return values;
}
