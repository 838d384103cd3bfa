import type { WindowFunction } from './define';
import * as index from './index';

const byName = new Map<string, WindowFunction>(Object.values(index).map((entry) => [entry.name, entry]));

export const findWindow = (name: string): WindowFunction | undefined => byName.get(name);
