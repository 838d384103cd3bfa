import { APP_DEFAULTS } from '../plan/defaults';
import { formatDuration, parseDuration } from '../plan/duration';
import type { OwnSettingName } from './settings';
import type { Config } from './types';

/** Every fault of the settings, one a line. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`settings: ${faults.length} problem(s)\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

export type Env = Readonly<Record<string, string | undefined>>;

/** Reads settings one by one and collects what is wrong with them. */
export class Reader {
  readonly faults: string[] = [];

  /** `settings`: all there are. */
  constructor(
    private readonly env: Env,
    private readonly settings: readonly { readonly name: string }[],
  ) {}

  /** @throws ConfigError with all faults of what was read */
  checked<T>(config: T): T {
    this.unknown();
    if (this.faults.length > 0) throw new ConfigError(this.faults);
    return config;
  }

  value(name: OwnSettingName | `${OwnSettingName}__${string}`): string | undefined {
    const value = this.env[name]?.trim();
    return value === '' ? undefined : value;
  }

  required(name: OwnSettingName, why: string): string {
    const value = this.value(name);
    if (value === undefined) this.faults.push(`${name} is not set: ${why}`);
    return value ?? '';
  }

  text(name: OwnSettingName, pattern: RegExp, form: string): string | undefined {
    const value = this.value(name);
    if (value !== undefined && !pattern.test(value)) this.faults.push(`${name} must be ${form}`);
    return value;
  }

  choice<T extends string>(name: OwnSettingName, options: readonly T[]): T | undefined {
    const value = this.value(name);
    const found = options.find((option) => option === value);
    if (value !== undefined && !found) this.faults.push(`${name} must be one of ${options.join(', ')}`);
    return found;
  }

  /** The mode, also under its older name OUTRIDER_CLOCK, which deployed apps may have. */
  mode(): Config['mode'] {
    const mode = this.choice('OUTRIDER_MODE', ['live', 'replay']);
    const clock = this.choice('OUTRIDER_CLOCK', ['wall', 'event']);
    const older = clock && (clock === 'event' ? 'replay' : 'live');
    if (mode && older && mode !== older)
      this.faults.push(
        `OUTRIDER_MODE is ${mode}, but OUTRIDER_CLOCK, its older name, is ${clock} (${older}): remove one`,
      );
    return mode ?? older ?? APP_DEFAULTS.mode;
  }

  list<T extends string>(name: OwnSettingName, options: readonly T[]): T[] {
    const parts = (this.value(name) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    const known = options.filter((option) => parts.includes(option));
    if (parts.length === 0)
      this.faults.push(`${name} is not set: say where alerts go, one or more of ${options.join(', ')}`);
    if (parts.some((part) => !options.some((option) => option === part)))
      this.faults.push(`${name} may hold ${options.join(', ')}, separated by commas`);
    return known;
  }

  duration(name: OwnSettingName): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const parsed = value === '0' ? 0 : parseDuration(value);
    if (parsed === undefined) this.faults.push(`${name} must be a duration such as 5m, 1h or PT5M`);
    return parsed;
  }

  /** 0, or a duration of at least `least` ms. */
  interval(name: OwnSettingName, least: number): number | undefined {
    const ms = this.duration(name);
    if (ms !== undefined && ms !== 0 && ms < least)
      this.faults.push(`${name} must be 0 or at least ${formatDuration(least)}`);
    return ms;
  }

  /** A duration from `least` to `most`, ms. */
  between(name: OwnSettingName, least: number, most: number): number | undefined {
    const ms = this.duration(name);
    if (ms !== undefined && (ms < least || ms > most))
      this.faults.push(`${name} must be from ${formatDuration(least)} to ${formatDuration(most)}`);
    return ms;
  }

  count(name: OwnSettingName, most: number): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const count = Number(value);
    if (Number.isInteger(count) && count >= 1 && count <= most) return count;
    this.faults.push(`${name} must be a whole number from 1 to ${most}`);
    return undefined;
  }

  storage(): Config['storage'] {
    const connectionString = this.value('OUTRIDER_STORAGE');
    if (connectionString !== undefined) return { connectionString };
    const tableServiceUri = this.url('OUTRIDER_STORAGE__tableServiceUri');
    const blobServiceUri = this.url('OUTRIDER_STORAGE__blobServiceUri');
    if (!tableServiceUri || !blobServiceUri) {
      this.faults.push(
        'OUTRIDER_STORAGE is not set: give a connection string, or OUTRIDER_STORAGE__tableServiceUri and OUTRIDER_STORAGE__blobServiceUri for an identity',
      );
    }
    return { tableServiceUri, blobServiceUri };
  }

  /** `blob:` is the container of plans; the file is then what runs until some are there. */
  plans(defaultPlans: string): Pick<Config, 'plans' | 'hasDeployedPlans' | 'isOwnPlanFile'> {
    const value = this.value('OUTRIDER_PLANS');
    const hasDeployedPlans = value === 'blob:';
    if (value?.startsWith('blob:') && !hasDeployedPlans)
      this.faults.push("OUTRIDER_PLANS must be the path of a plan file, or 'blob:' with nothing after it");
    const isOwnPlanFile = value === undefined || hasDeployedPlans;
    return { plans: isOwnPlanFile ? defaultPlans : value, hasDeployedPlans, isOwnPlanFile };
  }

  events(): Config['events'] {
    const connectionString = this.value('EventHubConnection');
    const fullyQualifiedNamespace = this.value('EventHubConnection__fullyQualifiedNamespace');
    if (!connectionString && !fullyQualifiedNamespace) {
      this.faults.push(
        'EventHubConnection is not set: give a connection string, or EventHubConnection__fullyQualifiedNamespace for an identity',
      );
    }
    return {
      hub: this.required('EVENT_HUB_NAME', 'it names the hub with the events'),
      // A setting with a default that bindings read must be set: a binding knows no defaults.
      consumerGroup: this.required(
        'EVENT_HUB_CONSUMER_GROUP',
        'it names the consumer group; $Default is there in every hub',
      ),
      connectionString,
      fullyQualifiedNamespace,
    };
  }

  /** Read by the timer's binding alone: one that is missing or wrong leaves an app whose windows never close. */
  flushSchedule(): void {
    const value = this.required('FLUSH_SCHEDULE', "it says when windows are looked at, like '0 * * * * *'");
    if (value !== '' && !/^(?:[-\w*,/]+\s+){4,5}[-\w*,/]+$/.test(value))
      this.faults.push('FLUSH_SCHEDULE must be an NCRONTAB expression of six fields, such as 0 * * * * *');
  }

  url(name: OwnSettingName | `${OwnSettingName}__${string}`): string | undefined {
    const value = this.value(name);
    if (value !== undefined && !URL.canParse(value))
      this.faults.push(`${name} must be a URL such as https://account.table.core.windows.net`);
    return value;
  }

  /** A misspelt setting would be ignored in silence. */
  private unknown(): void {
    const known = new Set(this.settings.map(({ name }) => name));
    for (const name of Object.keys(this.env)) {
      const base = name.replace(/__.*$/, '');
      if (/^OUTRIDER_/i.test(name) && !known.has(base))
        this.faults.push(`${name} is no setting of Outrider; see the settings reference for the names`);
    }
  }
}
