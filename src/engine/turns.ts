import { isOutage } from '../state/errors';

/** So many failures of the store that nothing more is begun. */
const MOST_OUTAGES = 3;

export interface Turns<T> {
  /** How many have their turn at the same time. */
  readonly width: number;
  /** Returns whether there is more to do: then the item gets back in line. */
  readonly turn: (item: T, othersWait: () => boolean) => Promise<boolean>;
  /** Nothing is begun any more; but the first in line always has its turn. */
  readonly isOver: () => boolean;
}

/**
 * Gives items turns in the order of their line, several at a time; who has more to do stands behind all others again, and others may be put
 * there meanwhile. An item whose turn throws is done with. Returns when no turn is under way, with the first failure of the store; after some of these
 * nothing more is begun. Throws what else a turn throws.
 */
export async function takeTurns<T>(line: T[], { width, turn, isOver }: Turns<T>): Promise<{ outage: unknown }> {
  const outages: unknown[] = [];
  const others: unknown[] = [];
  let given = 0;
  const goesOn = (): boolean => outages.length < MOST_OUTAGES && others.length === 0 && (given === 0 || !isOver());
  const lane = async (): Promise<void> => {
    while (line.length > 0 && goesOn()) {
      const item = line.shift()!;
      given++;
      try {
        if (await turn(item, () => line.length > 0)) line.push(item);
      } catch (error) {
        (isOutage(error) ? outages : others).push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, line.length) }, lane));
  if (others.length > 0) throw others[0];
  return { outage: outages[0] };
}
