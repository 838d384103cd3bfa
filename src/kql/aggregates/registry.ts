import type { Aggregate } from './define';
import * as index from './index';

const byName = new Map<string, Aggregate>();
for (const entry of Object.values(index)) {
  for (const name of [entry.name, ...(entry.aliases ?? [])]) {
    if (byName.has(name)) throw new Error(`two aggregates are called ${name}`);
    byName.set(name, entry);
  }
}

export const findAggregate = (name: string): Aggregate | undefined => byName.get(name);
export const aggregateNames = (): string[] => [...byName.keys()];
