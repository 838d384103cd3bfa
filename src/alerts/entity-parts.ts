import type { AlertingRule } from './alert';
import { cellText, type ResultReader } from './cell';
import { BUILT_IN_ACCOUNTS, ENTITY_FORMS } from './entity-types';

/** The properties of an entity, before it is placed in an alert. */
export type EntityParts = Map<string, string | boolean>;

type Mapping = AlertingRule['entityMappings'][number];

/** More entities than this from one cell are not made of a dynamic list. */
const MAX_LIST_ITEMS = 100;

/**
 * The entities that one mapping yields for one row: none where no identifying column has a value. A dynamic list in the
 * only mapped column yields one entity an item; other dynamic values are their JSON text.
 */
export function mappedEntities(mapping: Mapping, reader: ResultReader, row: readonly unknown[]): EntityParts[] {
  const form = ENTITY_FORMS.get(mapping.entityType);
  if (form === undefined) return [];
  const single = mapping.fieldMappings.length === 1 ? mapping.fieldMappings[0] : undefined;
  const list = single === undefined ? undefined : reader.cell(row, single.columnName);
  const variants = Array.isArray(list)
    ? list.slice(0, MAX_LIST_ITEMS).map((item) => new Map([[single!.identifier, item]]))
    : [valuesOf(mapping, reader, row)];
  return variants
    .map((values) => partsOf(mapping.entityType, values))
    .filter((parts) => form.required.some((set) => set.every((name) => parts.has(name))))
    .filter((parts) => mapping.entityType !== 'Account' || !isBuiltIn(parts));
}

function valuesOf(mapping: Mapping, reader: ResultReader, row: readonly unknown[]): Map<string, unknown> {
  return new Map(mapping.fieldMappings.map(({ identifier, columnName }) => [identifier, reader.cell(row, columnName)]));
}

function partsOf(entityType: string, values: ReadonlyMap<string, unknown>): EntityParts {
  const parts: EntityParts = new Map();
  for (const [identifier, value] of values) {
    const text = cellText(value);
    if (text === undefined || identifier === 'FullName') continue;
    parts.set(
      identifier,
      identifier === 'IsDomainJoined' && /^(true|false)$/i.test(text) ? /^true$/i.test(text) : text,
    );
  }
  const fullName = cellText(values.get('FullName'));
  if (fullName === undefined) return parts;
  // What is mapped by itself is more exact than what a full name is taken apart into.
  for (const [name, value] of entityType === 'Host' ? splitHost(fullName) : splitAccount(fullName)) {
    if (!parts.has(name)) parts.set(name, value);
  }
  return parts;
}

/** `CORP\alice`, `alice@corp.example.com` or `alice`. */
function splitAccount(fullName: string): [string, string][] {
  const slash = fullName.indexOf('\\');
  if (slash >= 0) return pairs(['NTDomain', fullName.slice(0, slash)], ['Name', fullName.slice(slash + 1)]);
  const at = fullName.lastIndexOf('@');
  if (at > 0) return pairs(['Name', fullName.slice(0, at)], ['UPNSuffix', fullName.slice(at + 1)]);
  return pairs(['Name', fullName]);
}

/** `ws01.corp.example.com`, `CORP\ws01` or `ws01`. An IP address has no domain. */
function splitHost(fullName: string): [string, string][] {
  const slash = fullName.indexOf('\\');
  if (slash >= 0) return pairs(['NTDomain', fullName.slice(0, slash)], ['HostName', fullName.slice(slash + 1)]);
  const dot = fullName.indexOf('.');
  if (dot > 0 && !/^[\d.]+$/.test(fullName)) {
    return pairs(['HostName', fullName.slice(0, dot)], ['DnsDomain', fullName.slice(dot + 1)]);
  }
  return pairs(['HostName', fullName]);
}

function pairs(...all: [string, string][]): [string, string][] {
  return all.filter(([, value]) => value.trim() !== '');
}

function isBuiltIn(parts: EntityParts): boolean {
  const name = parts.get('Name');
  return typeof name === 'string' && BUILT_IN_ACCOUNTS.has(name.toUpperCase());
}
