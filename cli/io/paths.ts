import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The project's root: the folder with `tables/`, above the running bundle or source. */
export function projectRoot(from = __dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'tables')) && existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder)
      throw new Error('the folder tables/ was not found above the program: is the installation complete?');
  }
}

export const tablesFolder = (): string => join(projectRoot(), 'tables');
export const rulesFolder = (): string => (existsSync('rules') ? 'rules' : join(projectRoot(), 'rules'));
