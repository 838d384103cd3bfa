import { existsSync } from 'node:fs';
import { join } from 'node:path';

const beside = join(__dirname, '..', '..');

/** The folder of the project: a program of bench/ is bundled to another place and runs in it. */
export const ROOT = existsSync(join(beside, 'tables')) ? beside : process.cwd();
