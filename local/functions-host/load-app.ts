import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import type { AppRegistry } from './core-module';
import { findFiles } from './glob';

/**
 * Loads the compiled entry points of a function app: what package.json `main` names. Throws an Error that names the
 * file that could not be loaded, or says why there is nothing to run.
 */
export async function loadApp(directory: string, registry: AppRegistry): Promise<void> {
  const packageFile = join(directory, 'package.json');
  if (!existsSync(packageFile)) throw new Error(`${directory} is no function app: it has no package.json`);
  const { main } = JSON.parse(readFileSync(packageFile, 'utf8')) as { main?: unknown };
  if (typeof main !== 'string') throw new Error(`${packageFile} has no "main" that names the entry points`);
  const files = findFiles(directory, main);
  if (files.length === 0) throw new Error(`no file matches "main": "${main}" in ${packageFile}; build the app first`);
  const restore = registry.provide();
  try {
    const require = createRequire(packageFile);
    for (const file of files) load(require, directory, file);
    await runHooks(registry, directory);
    registry.lock();
  } finally {
    restore();
  }
  if (registry.functions.size === 0)
    throw new Error(`no function is registered by ${files.map((file) => relative(directory, file)).join(', ')}`);
}

function load(require: NodeJS.Require, directory: string, file: string): void {
  try {
    require(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot load ${relative(directory, file)}: ${reason}`, { cause: error });
  }
}

async function runHooks(registry: AppRegistry, functionAppDirectory: string): Promise<void> {
  for (const hook of registry.hooks.get('appStart') ?? [])
    await hook({ hookData: {}, appHookData: {}, functionAppDirectory });
  await registry.model?.getCapabilities?.({});
}
