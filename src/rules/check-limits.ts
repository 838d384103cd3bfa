import { didYouMean } from '../spelling';
import { ENTITY_TYPES } from './catalogue/entity-types';
import { findTactic, knownTechniques, TACTICS, techniqueName } from './catalogue/mitre';
import { entityTypeOf } from './entity-mappings';
import type { FileFields } from './file-fields';
import { placeholders } from './shape';

/*
 * What Sentinel would refuse or the alert would lack, and the detection does not depend on: warnings, so that a public rule with a
 * small fault in its description still detects.
 */

const TECHNIQUE_FIELDS = ['relevantTechniques', 'techniques', 'relevantSubTechniques', 'subTechniques'] as const;

export function checkMitre({ values, list }: FileFields): void {
  const names = TACTICS.map(({ name }) => name);
  for (const [index, tactic] of (values.tactics ?? []).entries()) {
    if (findTactic(tactic)) continue;
    const message = `"${tactic}" is no MITRE ATT&CK tactic.${didYouMean(tactic, names)} Known: ${names.join(', ')}.`;
    list.add('warning', 'unknown-tactic', message, ['tactics', index]);
  }
  for (const field of TECHNIQUE_FIELDS) {
    for (const [index, id] of (values[field] ?? []).entries()) {
      if (techniqueName(id) !== undefined) continue;
      const siblings = [...knownTechniques()].filter((known) => known.startsWith(id.slice(0, 3)));
      const isId = /^T\d{4}(\.\d{3})?$/.test(id);
      list.add(
        'warning',
        isId ? 'unknown-technique' : 'bad-technique',
        isId
          ? `${id} is not among the MITRE ATT&CK techniques known here.${didYouMean(id, siblings)} Keep it if it is a new one.`
          : `"${id}" is no MITRE ATT&CK technique id. Write T1021 or, for a sub-technique, T1021.003.`,
        [field, index],
      );
    }
  }
}

const MAX_ENTITIES = 10;
const MAX_IDENTIFIERS = 3;

/** https://learn.microsoft.com/azure/sentinel/map-data-fields-to-entities: up to ten mappings a rule, three identifiers a mapping. */
export function checkEntities({ values, list }: FileFields): void {
  const mappings = values.entityMappings ?? [];
  const count = mappings.length + (values.sentinelEntitiesMappings?.length ?? 0);
  if (values.sentinelEntitiesMappings?.length) {
    list.add(
      'warning',
      'not-supported',
      'Lists of whole entities (sentinelEntitiesMappings) give no entities here: map the columns one by one in entityMappings.',
      ['sentinelEntitiesMappings'],
      'key',
    );
  }
  if (count > MAX_ENTITIES)
    list.add(
      'warning',
      'too-many-entities',
      `A rule maps at most ${MAX_ENTITIES} entities, this one has ${count}: Sentinel would refuse it.`,
      ['entityMappings'],
    );
  for (const [at, { entityType, fieldMappings }] of mappings.entries()) {
    const add = (code: string, message: string, ...path: (string | number)[]) =>
      list.add('warning', code, message, ['entityMappings', at, ...path]);
    const known = entityTypeOf(entityType);
    if (!known) {
      const names = [...ENTITY_TYPES.keys()];
      add(
        'unknown-entity-type',
        `"${entityType}" is no entity type, the alert goes without it.${didYouMean(entityType, names)} Use one of: ${names.join(', ')}.`,
        'entityType',
      );
      continue;
    }
    const { name, identifiers, required } = known;
    const seen = new Set<string>();
    for (const [index, { identifier }] of fieldMappings.entries()) {
      const path = ['fieldMappings', index, 'identifier'];
      if (!identifiers.includes(identifier)) {
        const hint = didYouMean(identifier, identifiers);
        add(
          'unknown-identifier',
          `"${identifier}" identifies no ${name} and is left out.${hint} Use one of: ${identifiers.join(', ')}.`,
          ...path,
        );
      } else if (seen.has(identifier)) {
        add(
          'duplicate-identifier',
          `${identifier} is mapped twice in this entity, the first counts: map a second ${name}.`,
          ...path,
        );
      }
      seen.add(identifier);
    }
    if (fieldMappings.length > MAX_IDENTIFIERS) {
      add(
        'too-many-identifiers',
        `An entity takes at most ${MAX_IDENTIFIERS} identifiers, this one has ${fieldMappings.length}: Sentinel would refuse it.`,
        'fieldMappings',
      );
    }
    if (!required.some((set) => set.every((identifier) => seen.has(identifier)))) {
      const sets = required.map((set) => set.join(' and ')).join(', or ');
      add(
        'missing-identifier',
        `These identifiers do not make a ${name}, the alert goes without it: map ${sets}.`,
        'fieldMappings',
      );
    }
  }
}

const MAX_DETAILS = 20;
const MAX_DETAIL_NAME = 20;

/** https://learn.microsoft.com/azure/sentinel/surface-custom-details-in-alerts */
export function checkCustomDetails({ values, list }: FileFields): void {
  const names = Object.keys(values.customDetails ?? {});
  const add = (code: string, message: string, ...path: string[]) =>
    list.add('warning', code, message, ['customDetails', ...path]);
  if (names.length > MAX_DETAILS)
    add(
      'too-many-custom-details',
      `A rule takes at most ${MAX_DETAILS} custom details, this one has ${names.length}: Sentinel would refuse it.`,
    );
  for (const name of names) {
    if (name.length > MAX_DETAIL_NAME)
      add(
        'custom-detail-name',
        `The name of a custom detail has at most ${MAX_DETAIL_NAME} characters, "${name}" has ${name.length}: Sentinel would refuse it.`,
        name,
      );
    if (!/^[A-Za-z]\w*$/.test(name))
      add(
        'custom-detail-name',
        `"${name}" cannot name a custom detail in Sentinel: start with a letter, go on with letters, digits and _.`,
        name,
      );
  }
}

const FORMATS = { alertDisplayNameFormat: 256, alertDescriptionFormat: 5_000 } as const;
const MAX_PLACEHOLDERS = 3;

/** https://learn.microsoft.com/azure/sentinel/customize-alert-details: at most three columns in a text. */
export function checkFormats({ values, list }: FileFields): void {
  for (const [field, maxLength] of Object.entries(FORMATS) as [keyof typeof FORMATS, number][]) {
    const template = values.alertDetailsOverride?.[field];
    if (!template) continue;
    const add = (code: string, message: string) => list.add('warning', code, message, ['alertDetailsOverride', field]);
    if (template.length > maxLength)
      add(
        'format-too-long',
        `The text has ${template.length} characters, Sentinel allows ${maxLength}: it is used here, but cannot be deployed there.`,
      );
    const columns = new Set(placeholders(template));
    if (columns.size > MAX_PLACEHOLDERS)
      add(
        'too-many-placeholders',
        `The text takes ${columns.size} columns, Sentinel allows ${MAX_PLACEHOLDERS}: it is used here, but cannot be deployed there.`,
      );
    if (/\{\{\s*\}\}/.test(template)) add('empty-placeholder', '{{}} names no column: write {{Column}}.');
    if ((template.match(/\{\{/g)?.length ?? 0) !== (template.match(/\}\}/g)?.length ?? 0))
      add('open-placeholder', 'The braces do not match: write each column as {{Column}}.');
  }
}
