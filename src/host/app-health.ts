import { type Config, ConfigError } from '../config';
import { openHealth } from './app';
import { checkHealth, type Health, type HealthSource } from './health';

/** The health of the app whose settings these are: where they are at fault, that is all there is to say. The result never throws. `now`: ms. */
export function checkApp(settings: () => Config): (now: number) => Promise<Health> {
  let source: HealthSource | undefined;
  return async (now) => {
    try {
      source ??= openHealth(settings());
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const at = new Date(now).toISOString();
      return { status: 'down', at, checks: [{ name: 'settings', status: 'down', detail: error.message }] };
    }
    return checkHealth(source, now);
  };
}
