import { isObject, type JsonObject, own, ownObject, scalarText } from '../json';
import { normalizeTime } from '../time';
import { accountName } from '../windows-log/accounts';
import { sysmonFields } from '../windows-log/sysmon-fields';
import { messageValues } from '../windows-log/sysmon-message';

/** Where Elastic's Sysmon module and integration move a field of the event to; the first of a field's places that is there counts. */
const MOVED: readonly (readonly [field: string, path: string, events?: readonly number[]])[] = [
  ['ProcessGuid', 'process.entity_id'],
  ['ProcessId', 'process.pid'],
  ['Image', 'process.executable'],
  ['SourceProcessGuid', 'process.entity_id'],
  ['SourceProcessGUID', 'process.entity_id'],
  ['SourceProcessId', 'process.pid'],
  ['SourceThreadId', 'process.thread.id'],
  ['SourceImage', 'process.executable'],
  ['Destination', 'process.executable', [20]],
  ['CommandLine', 'process.command_line'],
  ['CurrentDirectory', 'process.working_directory'],
  ['ParentProcessGuid', 'process.parent.entity_id'],
  ['ParentProcessId', 'process.parent.pid'],
  ['ParentImage', 'process.parent.executable'],
  ['ParentCommandLine', 'process.parent.command_line'],
  ['FileVersion', 'process.pe.file_version', [1]],
  ['Description', 'process.pe.description', [1]],
  ['Product', 'process.pe.product', [1]],
  ['Company', 'process.pe.company', [1]],
  ['OriginalFileName', 'process.pe.original_file_name', [1]],
  ['FileVersion', 'file.pe.file_version', [7]],
  ['Description', 'file.pe.description', [7]],
  ['Product', 'file.pe.product', [7]],
  ['Company', 'file.pe.company', [7]],
  ['OriginalFileName', 'file.pe.original_file_name', [7]],
  ['Signature', 'file.code_signature.subject_name'],
  ['SignatureStatus', 'file.code_signature.status'],
  ['TargetFilename', 'file.path'],
  ['ImageLoaded', 'file.path'],
  ['Device', 'file.path'],
  ['PipeName', 'file.name'],
  ['TargetObject', 'registry.path'],
  ['QueryName', 'dns.question.name'],
  ['Protocol', 'network.transport'],
  ['SourceIp', 'source.ip'],
  ['SourceHostname', 'source.domain'],
  ['SourcePort', 'source.port'],
  ['DestinationIp', 'destination.ip'],
  ['DestinationHostname', 'destination.domain'],
  ['DestinationPort', 'destination.port'],
  ['DestinationPortName', 'network.protocol', [3]],
  ['IsExecutable', 'sysmon.file.is_executable'],
  ['Archived', 'sysmon.file.archived'],
  ['RuleName', 'rule.name'],
  ['ID', 'error.code', [255]],
  ['Type', 'message', [25]],
];

/** The names that Windows has for what a query came to. https://learn.microsoft.com/windows/win32/debug/system-error-codes--9000-11999- */
const QUERY_STATUS = {
  SUCCESS: '0',
  ERROR_INVALID_NAME: '123',
  ERROR_CANCELLED: '1223',
  ERROR_TIMEOUT: '1460',
  DNS_ERROR_RCODE_FORMAT_ERROR: '9001',
  DNS_ERROR_RCODE_SERVER_FAILURE: '9002',
  DNS_ERROR_RCODE_NAME_ERROR: '9003',
  DNS_ERROR_RCODE_NOT_IMPLEMENTED: '9004',
  DNS_ERROR_RCODE_REFUSED: '9005',
  DNS_INFO_NO_RECORDS: '9501',
  DNS_ERROR_BAD_PACKET: '9502',
  DNS_REQUEST_PENDING: '9506',
  DNS_ERROR_INVALID_NAME_CHAR: '9560',
  DNS_ERROR_RECORD_DOES_NOT_EXIST: '9701',
  DNS_ERROR_NO_DNS_SERVERS: '9852',
  WSAECONNRESET: '10054',
  WSAETIMEDOUT: '10060',
};

/** What the moving makes of a value, and what it was. */
const RENAMED: readonly (readonly [field: string, path: string, values: Readonly<Record<string, string>>])[] = [
  ['Initiated', 'network.direction', { egress: 'true', outbound: 'true', ingress: 'false', inbound: 'false' }],
  ['SourceIsIpv6', 'network.type', { ipv4: 'false', ipv6: 'true' }],
  ['DestinationIsIpv6', 'network.type', { ipv4: 'false', ipv6: 'true' }],
  ['QueryStatus', 'sysmon.dns.status', QUERY_STATUS],
];

function at(record: JsonObject, path: string): string | undefined {
  let value: unknown = record;
  for (const name of path.split('.')) value = isObject(value) ? own(value, name) : undefined;
  return scalarText(value);
}

/** One of these is in every Sysmon event, and is among the fields that are moved. */
const ALWAYS = ['ProcessGuid', 'SourceProcessGuid', 'SourceProcessGUID', 'UtcTime'];

/**
 * Adds to `values` the fields of Sysmon event `eventId` that are not among them but stand elsewhere in the record.
 * The message tells the exact time, and the order of hashes, that moving has changed.
 * @returns whether the record is one whose fields were moved
 */
export function addMovedFields(record: JsonObject, eventId: number, values: Map<string, string>): boolean {
  const missing = new Set((sysmonFields(eventId) ?? []).map((field) => field.name).filter((name) => !values.has(name)));
  if (!ALWAYS.some((name) => missing.has(name))) return false;
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined && missing.delete(name)) values.set(name, value);
  };
  for (const [name, path, events] of MOVED) if (events?.includes(eventId) ?? true) add(name, at(record, path));
  for (const [name, path, meanings] of RENAMED) {
    const text = at(record, path);
    if (text !== undefined) add(name, own(meanings, text) as string | undefined);
  }
  const told = messageValues(eventId, scalarText(own(record, 'message')) ?? '');
  const user = ownObject(record, 'user');
  add('User', accountName(scalarText(own(user, 'domain')), scalarText(own(user, 'name'))));
  const hashes =
    hashesOf(ownObject(record, 'process')) ??
    hashesOf(ownObject(record, 'file')) ??
    hashesOf({ hash: own(record, 'hash') });
  for (const name of ['Hashes', 'Hash']) {
    const text = told.get(name);
    add(name, text !== undefined && sorted(text) === sorted(hashes) ? text : hashes);
  }
  const time = normalizeTime(own(record, '@timestamp'));
  add('UtcTime', told.get('UtcTime'));
  if (time !== undefined) add('UtcTime', `${time.slice(0, 10)} ${time.slice(11, 23)}`);
  return true;
}

const sorted = (hashes: string | undefined): string | undefined => hashes?.toUpperCase().split(',').sort().join();

/** In the order in which Sysmon writes them. */
function hashesOf(holder: JsonObject): string | undefined {
  const hash = ownObject(holder, 'hash');
  const found = ['sha1', 'md5', 'sha256'].map((name): [string, unknown] => [name, own(hash, name)]);
  found.push(['imphash', own(hash, 'imphash') ?? own(ownObject(holder, 'pe'), 'imphash')]);
  const texts = found.flatMap(([name, value]) => {
    const text = scalarText(value);
    return text ? [`${name.toUpperCase()}=${text.toUpperCase()}`] : [];
  });
  return texts.length > 0 ? texts.join(',') : undefined;
}
