import type { AlertEntity, AlertingRule } from './alert';
import { canonicalJson } from './canonical';
import type { ResultReader } from './cell';
import { type EntityParts, mappedEntities } from './entity-parts';
import { ENTITY_FORMS, LOCAL_DOMAINS } from './entity-types';
import { type AlertLimits, jsonBytes } from './limits';

export interface BuiltEntities {
  entities: AlertEntity[];
  /** Entities left out by a limit. */
  omitted: number;
}

/** An entity on its way into an alert, with those of the same row that it belongs to. */
interface Draft {
  entityType: string;
  parts: EntityParts;
  links: Map<string, Draft[]>;
  key: string;
}

/** Entities that others refer to come first, so that every reference points backwards. */
const REFERRED_TYPES: readonly string[] = ['Host', 'RegistryKey', 'FileHash'];

/**
 * The entities of an alert over some rows, each distinct one once. Entities of one row are tied together where there is
 * no doubt: a process, a file, a registry value and a local account to the row's only host, a registry value to its only
 * key, a file to its hashes.
 */
export function buildEntities(
  rule: AlertingRule,
  reader: ResultReader,
  rows: readonly (readonly unknown[])[],
  limits: AlertLimits,
): BuiltEntities {
  const share = Math.max(1, Math.floor(limits.entities / Math.max(1, rule.entityMappings.length)));
  const taken = rule.entityMappings.map(() => new Set<string>());
  const drafts = new Map<string, Draft>();
  const dropped = new Set<string>();
  for (const row of rows) {
    const inRow = rule.entityMappings.map((mapping) =>
      mappedEntities(mapping, reader, row).map(
        (parts): Draft => ({ entityType: mapping.entityType, parts, links: new Map(), key: '' }),
      ),
    );
    link(inRow.flat());
    for (const [index, ofMapping] of inRow.entries()) {
      for (const draft of ofMapping) {
        if (taken[index]!.has(draft.key)) continue;
        if (taken[index]!.size >= share) {
          dropped.add(draft.key);
          continue;
        }
        taken[index]!.add(draft.key);
        if (!drafts.has(draft.key)) drafts.set(draft.key, draft);
      }
    }
  }
  for (const key of drafts.keys()) dropped.delete(key);
  return place([...drafts.values()], limits.entitiesBytes, dropped.size);
}

/** Ties the entities of one row together and gives each the key that tells it from others. */
function link(inRow: readonly Draft[]): void {
  const only = (type: string): Draft | undefined => {
    const found = inRow.filter((draft) => draft.entityType === type);
    return found.length === 1 ? found[0] : undefined;
  };
  const host = only('Host');
  const registryKey = only('RegistryKey');
  const isOneFile = only('File') !== undefined;
  for (const draft of inRow.filter((each) => REFERRED_TYPES.includes(each.entityType))) draft.key = keyOf(draft);
  for (const draft of inRow) {
    if (host && belongsToHost(draft, host)) draft.links.set('Host', [host]);
    if (registryKey && draft.entityType === 'RegistryValue') draft.links.set('Key', [registryKey]);
    const hashes = inRow.filter((each) => each.entityType === 'FileHash');
    if (isOneFile && draft.entityType === 'File' && hashes.length > 0) draft.links.set('FileHashes', hashes);
    draft.key = keyOf(draft);
  }
}

function belongsToHost(draft: Draft, host: Draft): boolean {
  if (['Process', 'File', 'RegistryValue'].includes(draft.entityType)) return true;
  const domain = draft.entityType === 'Account' ? draft.parts.get('NTDomain') : undefined;
  if (typeof domain !== 'string') return false;
  const hostName = host.parts.get('HostName');
  return (
    LOCAL_DOMAINS.has(domain.toUpperCase()) ||
    (typeof hostName === 'string' && hostName.toLowerCase() === domain.toLowerCase())
  );
}

function keyOf(draft: Draft): string {
  const links = [...draft.links].map(([name, targets]) => [name, targets.map((target) => target.key)]);
  return canonicalJson([draft.entityType, [...draft.parts].sort(([a], [b]) => (a < b ? -1 : 1)), links]);
}

/** Numbers the entities and writes them out until the byte limit is reached. */
function place(drafts: readonly Draft[], maxBytes: number, alreadyOmitted: number): BuiltEntities {
  const rank = (draft: Draft) => (REFERRED_TYPES.includes(draft.entityType) ? 0 : 1);
  const ordered = [...drafts].sort((a, b) => rank(a) - rank(b));
  const ids = new Map<string, string>();
  const entities: AlertEntity[] = [];
  let bytes = 2;
  let omitted = alreadyOmitted;
  for (const draft of ordered) {
    const entity = write(draft, String(entities.length + 1), ids);
    const size = jsonBytes(entity) + 1;
    if (bytes + size > maxBytes) {
      omitted++;
      continue;
    }
    bytes += size;
    ids.set(draft.key, entity.$id);
    entities.push(entity);
  }
  return { entities, omitted };
}

function write(draft: Draft, id: string, ids: ReadonlyMap<string, string>): AlertEntity {
  const type = ENTITY_FORMS.get(draft.entityType)!.type;
  const properties: [string, AlertEntity[string]][] = [['$id', id], ...draft.parts];
  for (const [name, targets] of draft.links) {
    const references = targets.flatMap((target) => {
      const $ref = ids.get(target.key);
      return $ref === undefined ? [] : [{ $ref }];
    });
    if (references.length > 0) properties.push([name, name === 'FileHashes' ? references : references[0]!]);
  }
  properties.push(['Type', type]);
  return Object.fromEntries(properties) as AlertEntity;
}
