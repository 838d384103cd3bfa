import { WELL_KNOWN_ACCOUNTS } from './windows-log/accounts';
import { EVENT_NAMESPACE } from './windows-log/event-row';
import { LEVEL_NAMES } from './windows-log/levels';
import { ALL_SYSMON_FIELDS } from './windows-log/sysmon-fields';

/**
 * Texts that the row of a shipper's record may hold though its bytes do not: what `eventRow` and the shapes write of their own accord. Whatever
 * else is in such a row stands in the record, but for escapes, letter case and the signs between.
 */
export const WRITTEN: readonly string[] = [
  'Event',
  'OpsManager',
  'DataItem Type',
  'System.XmlData',
  ' time',
  ' sourceHealthServiceId',
  'EventData xmlns',
  'UserData xmlns',
  'BinaryEventData xmlns',
  'DebugData xmlns',
  'ProcessingErrorData xmlns',
  'Data Name',
  'Binary',
  'Param',
  EVENT_NAMESPACE,
  // Entities of XML, and what they stand for in it.
  'amp',
  'quot',
  'apos',
  // Names of hashes, and what Elastic makes other words of.
  'SHA1',
  'MD5',
  'SHA256',
  'IMPHASH',
  'N/A',
  ...LEVEL_NAMES,
  ...WELL_KNOWN_ACCOUNTS,
  ...ALL_SYSMON_FIELDS,
];
