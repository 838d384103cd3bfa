import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Puts the Values of local.settings.json into `env`; what is set there already wins. Throws an Error for a broken file. */
export function applyLocalSettings(directory: string, env: NodeJS.ProcessEnv): void {
  const file = join(directory, 'local.settings.json');
  if (!existsSync(file)) return;
  let settings: { IsEncrypted?: unknown; Values?: Record<string, unknown> };
  try {
    settings = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : error}`);
  }
  if (settings.IsEncrypted === true) throw new Error(`${file} is encrypted; decrypt it (func settings decrypt) first`);
  for (const [name, value] of Object.entries(settings.Values ?? {})) {
    if (typeof value !== 'string') throw new Error(`${file}: the value of ${name} must be a string`);
    env[name] ??= value;
  }
}

/** Replaces each `%NAME%` by the setting of that name. Throws an Error for one that is not set. */
export function resolveSettings(text: string, where: string, env: NodeJS.ProcessEnv): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = env[name];
    if (value === undefined) throw new Error(`${where}: the setting ${name} is not set`);
    return value;
  });
}

/** A setting that must be there. */
export function requireSetting(name: string, where: string, env: NodeJS.ProcessEnv): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${where}: the setting ${name} is not set`);
  return value;
}
