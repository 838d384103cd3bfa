import { type JsonObject, own } from '../json';
import { key } from '../keys';
import { ecs } from './ecs';
import { isTimeAt, numberAt, type RecordShape } from './shape';

/** Names of Winlogbeat before 7.0 and where ECS has them. */
const RENAMED: readonly (readonly [old: string, name: string])[] = [
  ['log_name', 'channel'],
  ['source_name', 'provider_name'],
  ['record_number', 'record_id'],
  ['event_id', 'event_id'],
  ['computer_name', 'computer_name'],
  ['event_data', 'event_data'],
  ['user_data', 'user_data'],
  ['user', 'user'],
  ['task', 'task'],
  ['level', 'level'],
];

const KEYS = ['log_name', 'source_name', 'event_id'].map(key);
const STAMP = key('@timestamp');
const XML = key('xml');

/** Winlogbeat 6 and older: what is under `winlog` today stood at the top, with other names. https://www.elastic.co/guide/en/beats/winlogbeat/6.8/exported-fields-eventlog.html */
export const winlogbeat6: RecordShape = {
  name: 'Winlogbeat 6',
  hints: ['log_name', 'source_name', 'computer_name', 'record_number', 'event_data'],
  matches: (record) =>
    Object.hasOwn(record, 'log_name') && Object.hasOwn(record, 'source_name') && Object.hasOwn(record, 'event_id'),
  glance: (record) => {
    if (!KEYS.every((name) => record.has(name))) return false;
    return !record.has(XML) && isTimeAt(record, STAMP) ? numberAt(record, KEYS[2]!) : undefined;
  },
  read: (record, out) => {
    const winlog: JsonObject = {};
    for (const [old, name] of RENAMED) if (Object.hasOwn(record, old)) winlog[name] = record[old];
    ecs.read(
      {
        '@timestamp': own(record, '@timestamp'),
        winlog,
        message: own(record, 'message'),
        event: { original: own(record, 'xml') },
      },
      out,
    );
  },
};
