import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type OperatorConfig, readOperatorConfig } from '../../src/config';
import { UsageError } from './output';
import { projectRoot } from './paths';

export type Environment = Readonly<Record<string, string | undefined>>;

const FILE = z.object({ Values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) });

/**
 * The settings of an app: those of a local.settings.json where one is named (and none of the environment, so that no two apps mix), else
 * of the environment. Throws UsageError for a file that is none.
 */
export function settingsFrom(file: string | undefined): Environment {
  if (file === undefined) return process.env;
  if (!existsSync(file)) throw new UsageError(`--settings: there is no file ${file}`);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new UsageError(`--settings ${file}: is not JSON`);
  }
  const parsed = FILE.safeParse(json);
  if (!parsed.success) throw new UsageError(`--settings ${file}: must be {"Values": {"NAME": "value", …}}`);
  return Object.fromEntries(Object.entries(parsed.data.Values).map(([name, value]) => [name, String(value)]));
}

/** The plan file that `outrider build` writes, where the settings name none. */
export function defaultPlans(): string {
  return existsSync('dist/plans.json') ? 'dist/plans.json' : join(projectRoot(), 'dist', 'plans.json');
}

/** Settings for work beside an app. Throws ConfigError, UsageError. */
export const operatorConfig = (file: string | undefined): OperatorConfig =>
  readOperatorConfig(settingsFrom(file), defaultPlans());
