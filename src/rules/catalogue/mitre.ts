import tactics from './mitre-tactics.json';
import techniques from './mitre-techniques.json';

/** A tactic of MITRE ATT&CK: `name` is Sentinel's spelling (`LateralMovement`), `title` MITRE's (`Lateral Movement`). */
export interface Tactic {
  /** `TA0008`; empty for tactics that Sentinel knows and MITRE retired. */
  id: string;
  name: string;
  title: string;
}

/** The tactics that Sentinel accepts, in kill-chain order, those of the ICS matrix last. */
export const TACTICS: readonly Tactic[] = tactics;

const tacticsByName: ReadonlyMap<string, Tactic> = new Map(
  tactics.map((tactic) => [tactic.name.toLowerCase(), tactic]),
);
const techniqueNames: ReadonlyMap<string, string> = new Map(Object.entries(techniques));

/** Finds a tactic by Sentinel's spelling, in any case, with or without blanks between its words. */
export function findTactic(name: string): Tactic | undefined {
  return tacticsByName.get(name.toLowerCase().replace(/[ _-]/g, ''));
}

/**
 * Name of a technique (`T1021`) or sub-technique (`T1021.003`) of the enterprise and ICS matrices, without its parent's.
 * Undefined if this catalogue does not have it.
 */
export function techniqueName(id: string): string | undefined {
  return techniqueNames.get(id.toUpperCase());
}

/** `Remote Services: Distributed Component Object Model`, as MITRE's pages are titled. */
export function techniqueTitle(id: string): string | undefined {
  const name = techniqueName(id);
  const parent = id.includes('.') ? techniqueName(id.split('.')[0]!) : undefined;
  return name !== undefined && parent !== undefined ? `${parent}: ${name}` : name;
}

export function knownTechniques(): IterableIterator<string> {
  return techniqueNames.keys();
}
