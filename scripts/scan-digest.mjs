import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** SHA-256 (hex) over the names and texts of the sources in a folder. */
export function sourceDigest(folder) {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(`${name}\n${readFileSync(join(folder, name), 'utf8')}\n`);
  return hash.digest('hex');
}
