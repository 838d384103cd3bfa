import { parse as parseCore } from 'yaml';
import { normalizeTime } from '../../src/events/time';
import { eventRow, unorderedEventData } from '../../src/events/windows-log/event-row';
import { isSysmon, sysmonFields } from '../../src/events/windows-log/sysmon-fields';
import { channelsOf, providersOf, SYSMON_CHANNEL, SYSMON_PROVIDER } from '../../src/explain/windows-events';
import type { ProblemList } from '../../src/rules/check-shape';
import { didYouMean } from '../../src/rules/suggest';
import type { Path, PlainValue } from '../../src/rules/yaml-file';

type Fields = { [key: string]: PlainValue };

/** What every event has beside its data; all else in the map is the event's own data. */
const SYSTEM = new Set([
  'EventID',
  'Computer',
  'time',
  'TimeGenerated',
  'Channel',
  'EventLog',
  'Provider',
  'Source',
  'UserName',
  'EventLevel',
  'table',
]);
const DEFAULT_TIME = '2024-01-01T12:30:00Z';

/**
 * The message body of an event given as fields (`EventID`, `Computer`, `time`, and the event's data), as Windows and Log Analytics write it:
 * EventData in the order of the manifest and escaped, absent fields of that manifest empty. Sysmon unless a channel or provider is named.
 */
export function fieldsBody(fields: Fields, path: Path, list: ProblemList): string | undefined {
  const text = (...names: string[]): string | undefined => {
    for (const name of names) if (Object.hasOwn(fields, name)) return plainText(fields[name]);
    return undefined;
  };
  const eventId = Number(text('EventID') ?? 'none');
  if (!Number.isInteger(eventId)) {
    list.add('error', 'case-event', 'An event needs its EventID, a whole number; or give it as "raw" or "xml".', path);
    return undefined;
  }
  const given = text('time', 'TimeGenerated') ?? DEFAULT_TIME;
  const time = normalizeTime(given);
  if (time === undefined) {
    list.add('error', 'case-event', `"${given}" is not a time: write it as 2024-01-01T12:30:00Z.`, [
      ...path,
      Object.hasOwn(fields, 'time') ? 'time' : 'TimeGenerated',
    ]);
    return undefined;
  }
  const named = { channel: text('Channel', 'EventLog'), provider: text('Provider', 'Source') };
  const channel =
    named.channel ?? (named.provider === undefined ? SYSMON_CHANNEL : (channelsOf(named.provider)[0] ?? ''));
  const provider = named.provider ?? (channel === SYSMON_CHANNEL ? SYSMON_PROVIDER : (providersOf(channel)[0] ?? ''));
  const data = new Map<string, string>();
  for (const [name, value] of Object.entries(fields)) if (!SYSTEM.has(name)) data.set(name, plainText(value));
  const known = sysmonFields(eventId);
  if (isSysmon(provider) && !data.has('UtcTime') && known?.some(({ name }) => name === 'UtcTime'))
    data.set('UtcTime', time.replace('T', ' ').slice(0, 23));
  const row = eventRow({
    provider,
    channel,
    computer: text('Computer') ?? 'HOST1',
    eventId,
    level: Number(text('EventLevel') ?? 4),
    time,
    userName: text('UserName') ?? 'NT AUTHORITY\\SYSTEM',
    data: unorderedEventData(provider, eventId, data),
  });
  const table = text('table') ?? 'Event';
  if (table === 'Event') return JSON.stringify(row);
  if (table === 'WindowsEvent') return JSON.stringify(windowsEventRow(row, data));
  list.add(
    'error',
    'case-event',
    `An event of ${table} cannot be made of fields, only of Event and WindowsEvent: give it as "raw".`,
    [...path, 'table'],
  );
  return undefined;
}

/** The same event as the Azure Monitor Agent writes it into WindowsEvent. https://learn.microsoft.com/azure/azure-monitor/reference/tables/windowsevent */
function windowsEventRow(row: Record<string, unknown>, data: ReadonlyMap<string, string>): Record<string, unknown> {
  const { TimeGenerated, Computer, EventID, EventLevel, EventLevelName, SourceSystem } = row;
  // Keys are field names of the case's author; the row is only written out.
  const bag = `{${[...data].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
  return {
    TimeGenerated,
    Type: 'WindowsEvent',
    SourceSystem,
    Provider: row.Source,
    Channel: row.EventLog,
    Computer,
    EventID,
    EventLevel,
    EventLevelName,
    EventData: bag,
  };
}

/** Warns of fields that look like slips: a name that is quite another may be that of a Sysmon to come. */
export function warnOfUnknownFields(fields: Fields, own: Fields, path: Path, list: ProblemList): void {
  const eventId = Number(fields.EventID);
  const isOther = ['Channel', 'EventLog', 'Provider', 'Source'].some(
    (name) => typeof fields[name] === 'string' && !/sysmon/i.test(fields[name]),
  );
  const known = isOther ? undefined : sysmonFields(eventId)?.map(({ name }) => name);
  if (!known) return;
  for (const name of Object.keys(own)) {
    if (SYSTEM.has(name) || known.includes(name)) continue;
    const hint = didYouMean(name, known);
    if (hint !== '')
      list.add(
        'warning',
        'case-event',
        `Sysmon event ${eventId} has no field "${name}".${hint}`,
        [...path, name],
        'key',
      );
  }
}

const plainText = (value: PlainValue | undefined): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);

/** The message body of a record given under `raw`, numbers and booleans as YAML 1.2 reads them. */
export function rawBody(source: string, path: Path): string | undefined {
  let value: unknown = parseCore(source, { schema: 'core', maxAliasCount: 100, intAsBigInt: true, logLevel: 'silent' });
  for (const step of path) value = (value as Record<string | number, unknown> | null)?.[step];
  if (value === null || typeof value !== 'object') return typeof value === 'string' ? value : undefined;
  // biome-ignore lint/suspicious/noExplicitAny: JSON.rawJSON is not in Node 20
  return JSON.stringify(value, (_, item: any) =>
    typeof item === 'bigint' ? (Number.isSafeInteger(Number(item)) ? Number(item) : item.toString()) : item,
  );
}
