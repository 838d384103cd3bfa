import type { Scanner } from '../../scan';
import { integer, isObject, type JsonObject, own, ownObject, scalarText, toJson } from '../json';
import { key } from '../keys';
import { normalizeEpoch, normalizeTime } from '../time';
import { accountOfSid } from '../windows-log/accounts';
import { eventData, eventRow, type Payload, unorderedEventData } from '../windows-log/event-row';
import { levelOfName } from '../windows-log/levels';
import { renderedMessage } from '../windows-log/message';
import { readXmlText } from './raw-xml';
import { BRACKET, type Collector, isTimeAt, numberAt, type RecordShape, rejectIncomplete } from './shape';

const RESOURCES = key('resourceLogs');
const BODY = key('body');
const PROVIDER = key('provider');
const EVENT_ID = key('event_id');
const ID = key('id');
const CHANNEL = key('channel');
const SYSTEM_TIME = key('system_time');

const isWindowsBody = (value: unknown): value is JsonObject =>
  isObject(value) &&
  isObject(own(value, 'provider')) &&
  Object.hasOwn(value, 'event_id') &&
  Object.hasOwn(value, 'channel');

/**
 * The OpenTelemetry Collector's windowseventlog receiver, as OTLP JSON (`resourceLogs`), as a log record with a `body`,
 * or as the body alone; a body with `raw: true` is the event's XML.
 * https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/receiver/windowseventlogreceiver
 */
export const openTelemetry: RecordShape = {
  name: 'OpenTelemetry windowseventlog',
  hints: ['resourceLogs', 'scopeLogs', 'body', 'timeUnixNano', 'event_id', 'system_time', 'event_data'],
  matches: (record) =>
    Array.isArray(own(record, 'resourceLogs')) || isWindowsBody(own(record, 'body')) || isWindowsBody(record),
  glance: (record) => {
    if (record.kind(RESOURCES) === BRACKET) return undefined;
    const body = record.objectAt(BODY);
    if (body !== undefined) {
      record.enter(body);
      if (isWindowsBodyAt(record)) return eventIdAt(record);
      record.leave();
    }
    return isWindowsBodyAt(record) ? eventIdAt(record) : false;
  },
  read: (record, out) => {
    const resources = own(record, 'resourceLogs');
    if (!Array.isArray(resources)) {
      const body = own(record, 'body');
      readBody(isWindowsBody(body) ? body : record, record, out);
      return;
    }
    for (const log of resources.flatMap(logRecords)) readLog(log, out);
  },
};

const isWindowsBodyAt = (body: Scanner): boolean =>
  body.objectAt(PROVIDER) !== undefined && body.has(EVENT_ID) && body.has(CHANNEL);

function eventIdAt(body: Scanner): number | undefined {
  if (!isTimeAt(body, SYSTEM_TIME)) return undefined;
  const id = body.objectAt(EVENT_ID);
  if (id === undefined) return numberAt(body, EVENT_ID);
  body.enter(id);
  return numberAt(body, ID);
}

const listOf = (value: unknown, name: string): unknown[] => {
  const list = isObject(value) ? own(value, name) : undefined;
  return Array.isArray(list) ? list : [];
};

const logRecords = (resource: unknown): unknown[] =>
  [...listOf(resource, 'scopeLogs'), ...listOf(resource, 'instrumentationLibraryLogs')].flatMap((scope) =>
    listOf(scope, 'logRecords'),
  );

function readLog(log: unknown, out: Collector): void {
  if (!isObject(log)) {
    out.reject('not-an-object', 'OpenTelemetry: a log record is not an object', () => toJson(log));
    return;
  }
  const body = anyValue(own(log, 'body'));
  const original = listOf(log, 'attributes').find(
    (item) => isObject(item) && own(item, 'key') === 'log.record.original',
  );
  const xml = isObject(original) ? anyValue(own(original, 'value')) : body;
  if (typeof xml === 'string' && /^\s{0,16}<Event[\s>]/.test(xml)) readXmlText(xml, out);
  else if (isWindowsBody(body)) readBody(body, log, out);
  else out.reject('unknown-shape', 'OpenTelemetry: the body is no Windows event', () => toJson(log));
}

/** OTLP's AnyValue as plain JSON. https://opentelemetry.io/docs/specs/otlp/ */
function anyValue(value: unknown): unknown {
  if (!isObject(value)) return undefined;
  for (const kind of ['stringValue', 'intValue', 'doubleValue', 'boolValue', 'bytesValue']) {
    if (Object.hasOwn(value, kind)) return value[kind];
  }
  if (Object.hasOwn(value, 'arrayValue')) return listOf(own(value, 'arrayValue'), 'values').map(anyValue);
  const result: JsonObject = Object.create(null);
  for (const item of listOf(own(value, 'kvlistValue'), 'values')) {
    const key = isObject(item) ? own(item, 'key') : undefined;
    if (typeof key === 'string') result[key] = anyValue((item as JsonObject).value);
  }
  return result;
}

/** `log` is the log record that the body stands in, or the body itself. */
function readBody(body: JsonObject, log: JsonObject, out: Collector): void {
  const logTime = own(log, 'timeUnixNano') ?? own(log, 'timestamp');
  const id = own(body, 'event_id');
  const eventId = integer(isObject(id) ? own(id, 'id') : id);
  const time = normalizeTime(own(body, 'system_time')) ?? normalizeTime(logTime) ?? normalizeEpoch(logTime);
  if (eventId === undefined || time === undefined) {
    rejectIncomplete(out, body, 'OpenTelemetry', {
      eventId,
      noId: 'event_id is not a number',
      noTime: 'system_time is not a time',
    });
    return;
  }
  const provider = scalarText(own(ownObject(body, 'provider'), 'name')) ?? '';
  const level = scalarText(own(body, 'level'));
  out.row(
    'Event',
    eventRow({
      provider,
      channel: scalarText(own(body, 'channel')) ?? '',
      computer: scalarText(own(body, 'computer')) ?? '',
      eventId,
      level:
        levelOfName(level) ?? integer(level) ?? LEVEL_OF_SEVERITY.get(integer(own(log, 'severityNumber')) ?? 0) ?? 4,
      task: integer(own(body, 'task')),
      time,
      userName: userOf(ownObject(body, 'security')),
      message: renderedMessage(scalarText(own(body, 'message'))),
      data: dataOf(own(body, 'event_data'), provider, eventId),
    }),
  );
}

/** The severities that the receiver gives, for names of levels in another language. */
const LEVEL_OF_SEVERITY = new Map([
  [21, 1],
  [17, 2],
  [13, 3],
  [9, 4],
]);

/** `user_name` is there where a distribution resolves accounts. */
const userOf = (security: JsonObject): string =>
  scalarText(own(security, 'user_name')) || accountOfSid(scalarText(own(security, 'user_id')));

/** What the receiver calls values that have no name. */
const UNNAMED = /^Data(\d{1,4})$/;

/** A list of one-entry maps keeps the event's order (older versions have it in `data`); a plain map does not. */
function dataOf(data: unknown, provider: string, eventId: number): Payload {
  const list = Array.isArray(data) ? data : listOf(data, 'data');
  if (list.length > 0) {
    const values = list.flatMap((item) => (isObject(item) ? Object.entries(item) : []));
    return eventData(
      values.map(([name, value]): [string | undefined, string] => [name || undefined, scalarText(value) ?? '']),
    );
  }
  const values = new Map<string, string>();
  const unnamed: [number: number, value: string][] = [];
  let binary: string | undefined;
  for (const [name, value] of isObject(data) ? Object.entries(data) : []) {
    const text = scalarText(value);
    if (text === undefined) continue;
    const number = UNNAMED.exec(name)?.[1];
    if (name === 'binary') binary = text || undefined;
    else if (number === undefined) values.set(name, text);
    else unnamed.push([Number(number), text]);
  }
  if (unnamed.length === 0 && binary === undefined) return unorderedEventData(provider, eventId, values);
  const byNumber = unnamed.sort(([a], [b]) => a - b).map(([, value]): [undefined, string] => [undefined, value]);
  return eventData([...values, ...byNumber], undefined, binary);
}
