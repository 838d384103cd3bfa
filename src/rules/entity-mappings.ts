import type { EntityMapping } from '../plan/rule';
import { ENTITY_TYPES, type EntityType } from './catalogue/entity-types';

const byLower = new Map([...ENTITY_TYPES].map(([name, type]) => [name.toLowerCase(), { name, ...type }]));

/** An entity type by its name in any case. */
export const entityTypeOf = (written: string): (EntityType & { name: string }) | undefined =>
  byLower.get(written.toLowerCase());

/** A mapping without what identifies no such entity, and without repetitions; none where nothing is left. */
export function usableMapping({ entityType, fieldMappings }: EntityMapping): EntityMapping[] {
  const known = entityTypeOf(entityType);
  if (!known) return [];
  const usable = fieldMappings.filter(
    ({ identifier }, i) =>
      known.identifiers.includes(identifier) &&
      fieldMappings.findIndex((other) => other.identifier === identifier) === i,
  );
  return usable.length > 0 ? [{ entityType: known.name, fieldMappings: usable }] : [];
}
