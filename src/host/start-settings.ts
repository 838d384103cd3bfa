import { join } from 'node:path';
import { type Config, ConfigError, readConfig } from '../config';
import type { LogEvent } from '../engine';
import { logToStderr } from './logging';

/** What was logged, so that the functions of one process say it once. */
const told = new Set<string>();

/**
 * Reads the settings when the app is loaded. The result throws ConfigError with every fault at each call, and so at each invocation: a fault
 * that is thrown while the app is loaded leaves a worker that registers nothing and reports success. It is logged at once, too.
 *
 * `functions`: the folder of the compiled functions; the plans are looked for beside it. (This code may lie in a part that several of them
 * share, so its own folder says nothing.)
 */
export function startSettings(
  functions: string,
  env: NodeJS.ProcessEnv = process.env,
  log: (event: LogEvent) => void = logToStderr,
): () => Config {
  try {
    const config = readConfig(env, join(functions, '..', 'plans.json'));
    return () => config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { faults, message } = error;
    if (!told.has(message)) log({ level: 'error', message: 'settings in error', faults: faults.join('; ') });
    told.add(message);
    return () => {
      throw new ConfigError(faults);
    };
  }
}
