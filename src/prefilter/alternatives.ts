import { type Origin, plainFragment } from './fragment';
import type { Atom, LegRequirements, Requirement } from './requirement';

/** A way in which an event can come through a leg, as far as bytes can tell: all of this holds. */
export interface Alternative {
  readonly leg: number;
  /** Undefined: of any. */
  readonly table: string | undefined;
  readonly numbers: readonly { readonly column: string; readonly values: readonly number[] }[];
  /** Fragments of which one of each list is there. The list that tells most comes first. */
  readonly texts: readonly (readonly string[])[];
  /** Some of the texts are said by XML in the record. */
  readonly isXml: boolean;
}

/** Alternatives of all legs; legs by number. Requirements that no byte can decide are left out. */
export function alternativesOf(legs: readonly LegRequirements[], origin: Origin): Alternative[] {
  const found = legs.flatMap((lists, leg) => lists.map((list) => alternativeOf(leg, list, origin)));
  const sharedBy = new Map<string, number>();
  for (const { texts } of found)
    for (const text of new Set(texts.flat())) sharedBy.set(text, (sharedBy.get(text) ?? 0) + 1);
  const cost = (list: readonly string[]): number => {
    const most = Math.max(...list.map((text) => sharedBy.get(text)!));
    // Legs that share a text count by powers of two, so that length decides between texts of like spread.
    return Math.ceil(Math.log2(most)) * 100 + list.length * 4 - Math.min(24, ...list.map((text) => text.length));
  };
  return found.map((one) => ({ ...one, texts: [...one.texts].sort((a, b) => cost(a) - cost(b)) }));
}

function alternativeOf(leg: number, requirements: readonly Requirement[], origin: Origin): Alternative {
  const tables = requirements.flatMap((one) => (one.kind === 'table' ? [one.name] : []));
  const numbers = new Map<string, readonly number[]>();
  const texts = new Map<string, readonly string[]>();
  for (const one of requirements) {
    if (one.kind === 'number') {
      const before = numbers.get(one.column);
      numbers.set(one.column, before ? before.filter((value) => one.values.includes(value)) : one.values);
    } else if (one.kind !== 'table') {
      const list = fragmentsOf(atomsOf(one), origin);
      if (list) texts.set(list.join('\n'), list);
    }
  }
  const isXml = requirements.some((one) => one.kind !== 'table' && atomsOf(one).some((atom) => 'xml' in atom));
  const columns = [...numbers].map(([column, values]) => ({ column, values }));
  return { leg, table: tables[0], numbers: columns, texts: [...texts.values()], isXml };
}

const atomsOf = (one: Exclude<Requirement, { kind: 'table' }>): readonly Atom[] =>
  one.kind === 'any' ? one.of : [one];

/** Most texts that are looked for together: of more, none tells. */
export const MAX_TEXTS = 30_000;

/** The fragments of which one is there; undefined where one of them tells nothing. */
function fragmentsOf(atoms: readonly Atom[], origin: Origin): string[] | undefined {
  const fragments = new Set<string>();
  for (const atom of atoms) {
    if (atom.kind !== 'literal' || (atom.xml && origin === 'shape')) return undefined;
    const fragment = plainFragment(atom.text, atom.xml ? 'xml' : origin);
    if (fragment === undefined) return undefined;
    fragments.add(fragment);
  }
  return fragments.size === 0 ? undefined : [...fragments].sort();
}
