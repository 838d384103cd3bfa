import { isObject, type JsonObject, own, ownObject, scalarText } from '../json';
import { normalizeTime } from '../time';
import { sysmonFields } from '../windows/sysmon-fields';

/** Where Elastic's Sysmon module and integration move a field of the event to. */
const MOVED: readonly (readonly [field: string, path: string])[] = [
  ['ProcessGuid', 'process.entity_id'],
  ['ProcessId', 'process.pid'],
  ['Image', 'process.executable'],
  ['CommandLine', 'process.command_line'],
  ['CurrentDirectory', 'process.working_directory'],
  ['ParentProcessGuid', 'process.parent.entity_id'],
  ['ParentProcessId', 'process.parent.pid'],
  ['ParentImage', 'process.parent.executable'],
  ['ParentCommandLine', 'process.parent.command_line'],
  ['FileVersion', 'process.pe.file_version'],
  ['Description', 'process.pe.description'],
  ['Product', 'process.pe.product'],
  ['Company', 'process.pe.company'],
  ['OriginalFileName', 'process.pe.original_file_name'],
  ['TargetFilename', 'file.path'],
  ['TargetObject', 'registry.path'],
  ['QueryName', 'dns.question.name'],
  ['Protocol', 'network.transport'],
  ['SourceIp', 'source.ip'],
  ['SourcePort', 'source.port'],
  ['DestinationIp', 'destination.ip'],
  ['DestinationPort', 'destination.port'],
  ['RuleName', 'rule.name'],
];

function at(record: JsonObject, path: string): string | undefined {
  let value: unknown = record;
  for (const name of path.split('.')) value = isObject(value) ? own(value, name) : undefined;
  return scalarText(value);
}

/** Adds to `values` the fields of Sysmon event `eventId` that are not among them but stand elsewhere in the record. */
export function withEcsFields(record: JsonObject, eventId: number, values: Map<string, string>): void {
  const missing = new Set((sysmonFields(eventId) ?? []).map((field) => field.name).filter((name) => !values.has(name)));
  if (!['ProcessGuid', 'Image', 'CommandLine', 'UtcTime'].some((name) => missing.has(name))) return;
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined && missing.has(name)) values.set(name, value);
  };
  for (const [name, path] of MOVED) add(name, at(record, path));
  const user = ownObject(record, 'user');
  const [account, domain] = [scalarText(own(user, 'name')), scalarText(own(user, 'domain'))];
  if (account) add('User', domain ? `${domain}\\${account}` : account);
  add('Hashes', hashesOf(ownObject(record, 'process')));
  const time = normalizeTime(own(record, '@timestamp'));
  if (time !== undefined) add('UtcTime', `${time.slice(0, 10)} ${time.slice(11, 23)}`);
}

function hashesOf(process: JsonObject): string | undefined {
  const hash = ownObject(process, 'hash');
  const found = ['sha1', 'md5', 'sha256'].map((name): [string, string | undefined] => [
    name,
    scalarText(own(hash, name)),
  ]);
  found.push(['imphash', scalarText(own(ownObject(process, 'pe'), 'imphash'))]);
  const texts = found
    .filter(([, value]) => value)
    .map(([name, value]) => `${name.toUpperCase()}=${value!.toUpperCase()}`);
  return texts.length > 0 ? texts.join(',') : undefined;
}
