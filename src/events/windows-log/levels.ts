export const LEVEL_NAMES = ['LogAlways', 'Critical', 'Error', 'Warning', 'Information', 'Verbose'];

/** Name of an event level (winmeta.xml); the number itself where a provider has a level of its own. */
export const levelName = (level: number): string => LEVEL_NAMES[level] ?? String(level);

const ALIASES = new Map([
  ['info', 4],
  ['warn', 3],
  ['debug', 5],
  ['audit_success', 0],
  ['audit_failure', 0],
]);

/** Level of a name in any case, also of the short names that shippers use; `undefined` for one that is not known. */
export function levelOfName(name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const lower = name.toLowerCase();
  const index = LEVEL_NAMES.findIndex((candidate) => candidate.toLowerCase() === lower);
  return index >= 0 ? index : ALIASES.get(lower);
}
