import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** `--made`: what a clone of the project alone measures with. */
const isMade = process.argv.includes('--made');

/** Public sample data beside the project, or beside one of the folders above it. `undefined`: it is not there. */
export function sharedPath(...path: readonly string[]): string | undefined {
  const found = join('..', 'shared', ...path);
  return !isMade && existsSync(found) ? found : undefined;
}
