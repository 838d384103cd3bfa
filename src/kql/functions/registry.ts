import type { ScalarFunction } from './define';
import * as index from './index';

const byName = new Map<string, ScalarFunction>();
for (const entry of Object.values(index)) {
  for (const name of [entry.name, ...(entry.aliases ?? [])]) {
    if (byName.has(name)) throw new Error(`two functions are called ${name}`);
    byName.set(name, entry);
  }
}

/** The scalar function or operator of that name. */
export const findFunction = (name: string): ScalarFunction | undefined => byName.get(name);
export const functionNames = (): string[] => [...byName.keys()];
