import { z } from 'zod';
import { parseDuration } from './rules/duration';

/** Kinds of places that alerts can be sent to. */
export const SINK_NAMES = ['stdout', 'file', 'event-hub', 'logs-ingestion'] as const;
export type SinkName = (typeof SINK_NAMES)[number];

interface Setting {
  readonly name: string;
  readonly description: string;
  readonly default?: string;
  /** `bindings`: read by the Functions host and its bindings; checked here so that a missing one is named clearly. */
  readonly readBy: 'engine' | 'bindings';
}

/**
 * Every setting of the deployed app. The same names hold in Azure, in local.settings.json and in `npm start`. A connection is either
 * `NAME` (a connection string) or `NAME__…` (an address, used with the app's managed identity).
 */
export const SETTINGS = [
  {
    name: 'AzureWebJobsStorage',
    description:
      "Storage of the Functions host: checkpoints and leases. 'AzureWebJobsStorage__blobServiceUri' and so on with an identity.",
    readBy: 'bindings',
  },
  {
    name: 'EventHubConnection',
    description:
      "Namespace of the hub with the events: a connection string, or 'EventHubConnection__fullyQualifiedNamespace' with an identity.",
    readBy: 'bindings',
  },
  { name: 'EVENT_HUB_NAME', description: 'Hub with the events.', readBy: 'bindings' },
  {
    name: 'EVENT_HUB_CONSUMER_GROUP',
    description: 'Consumer group of its own for Outrider.',
    default: '$Default',
    readBy: 'bindings',
  },
  {
    name: 'FLUSH_SCHEDULE',
    description:
      "NCRONTAB (six fields) of the flush. Windows close on the rules' own schedules; this is how soon it is noticed.",
    default: '0 * * * * *',
    readBy: 'bindings',
  },
  {
    name: 'OUTRIDER_STORAGE',
    description:
      "Storage account for group state, alerts and dead letters: a connection string, or 'OUTRIDER_STORAGE__tableServiceUri' and 'OUTRIDER_STORAGE__blobServiceUri' with an identity.",
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_TABLE_PREFIX',
    description: 'Start of the names of the tables and of the container of dead letters.',
    default: 'Outrider',
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_PLANS',
    description: "Plan file that 'outrider build' wrote.",
    default: 'dist/plans.json beside the functions',
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_SINKS',
    description: `Where alerts go, separated by commas: ${SINK_NAMES.join(', ')}.`,
    readBy: 'engine',
  },
  {
    name: 'ALERTS_FILE',
    description: "For the sink 'file': the file that alerts are appended to, a JSON line each.",
    readBy: 'engine',
  },
  {
    name: 'ALERTS_EVENT_HUB_NAME',
    description: "For the sink 'event-hub': the hub that alerts are sent to.",
    readBy: 'engine',
  },
  {
    name: 'AlertsEventHubConnection',
    description:
      "For the sink 'event-hub': its namespace, as EventHubConnection; default: the namespace of the events.",
    readBy: 'engine',
  },
  {
    name: 'LOGS_INGESTION_ENDPOINT',
    description: "For the sink 'logs-ingestion': endpoint of the data collection rule.",
    readBy: 'engine',
  },
  {
    name: 'LOGS_INGESTION_RULE_ID',
    description: "For the sink 'logs-ingestion': immutable id of the data collection rule (dcr-…).",
    readBy: 'engine',
  },
  {
    name: 'LOGS_INGESTION_STREAM',
    description: "For the sink 'logs-ingestion': its stream.",
    default: 'Custom-OutriderAlerts',
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_CLOCK',
    description:
      "'wall': windows close by the clock. 'event': for replays of old data; every window over the events is flushed, and nothing is late.",
    default: 'wall',
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_GRACE',
    description: 'How long after its end a window is run; for every rule, over rules/settings.yaml. Like 5m or PT5M.',
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_MAX_LATE',
    description: 'An event that happened longer than this before the hub took it in goes to dead letters.',
    default: '24h',
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_MAX_EARLY',
    description: 'An event stamped further than this into the future goes to dead letters.',
    default: '1h',
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_MAX_WAIT',
    description:
      'How long a window waits for partitions that are behind before it is run as incomplete and corrected later.',
    default: '6h',
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_MAX_WINDOWS_PER_FLUSH',
    description: 'Most windows that one flush runs for one rule; the rest waits for the next.',
    default: '100',
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_MAX_ROWS_PER_WINDOW',
    description: 'Most rows or groups of a window held in memory; a window with more fails and says so.',
    default: '1000000',
    readBy: 'engine',
  },
  { name: 'OUTRIDER_DEFAULT_TABLE', description: 'Table of JSON records that do not name theirs.', readBy: 'engine' },
  {
    name: 'AZURE_CLIENT_ID',
    description: 'Client id of the user-assigned identity, where one is used.',
    readBy: 'engine',
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof SETTINGS)[number]['name'];

/** Checked settings. Durations in ms. */
export interface Config {
  readonly storage: {
    readonly connectionString?: string;
    readonly tableServiceUri?: string;
    readonly blobServiceUri?: string;
  };
  /** The hub with the events. */
  readonly events: {
    readonly hub: string;
    readonly consumerGroup: string;
    readonly connectionString?: string;
    readonly fullyQualifiedNamespace?: string;
  };
  readonly tablePrefix: string;
  readonly plans: string;
  readonly sinks: readonly SinkName[];
  readonly alertsFile?: string;
  readonly alertsEventHub?: {
    readonly name: string;
    readonly connectionString?: string;
    readonly fullyQualifiedNamespace?: string;
  };
  readonly logsIngestion?: { readonly endpoint: string; readonly ruleId: string; readonly stream: string };
  readonly clock: 'wall' | 'event';
  readonly graceMs?: number;
  readonly maxLateMs: number;
  readonly maxEarlyMs: number;
  readonly maxWaitMs: number;
  readonly maxWindowsPerFlush: number;
  readonly maxRowsPerWindow: number;
  readonly defaultTable?: string;
  readonly clientId?: string;
}

/** Every fault of the settings, one a line. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`settings: ${faults.length} problem(s)\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks all settings at once. `defaultPlans`: the plan file where OUTRIDER_PLANS names none. Throws ConfigError with every
 * fault; none of its texts holds a value that may be secret.
 */
export function readConfig(env: Env, defaultPlans: string): Config {
  const reader = new Reader(env);
  const sinks = reader.list('OUTRIDER_SINKS', SINK_NAMES);
  const config: Config = {
    storage: reader.storage(),
    events: reader.events(),
    tablePrefix:
      reader.text(
        'OUTRIDER_TABLE_PREFIX',
        /^[A-Za-z][A-Za-z0-9]{0,29}$/,
        'letters and digits, at most 30, a letter first',
      ) ?? 'Outrider',
    plans: reader.value('OUTRIDER_PLANS') ?? defaultPlans,
    sinks,
    alertsFile: sinks.includes('file') ? reader.required('ALERTS_FILE', "the sink 'file' needs it") : undefined,
    alertsEventHub: sinks.includes('event-hub') ? reader.alertsHub() : undefined,
    logsIngestion: sinks.includes('logs-ingestion') ? reader.logsIngestion() : undefined,
    clock: reader.choice('OUTRIDER_CLOCK', ['wall', 'event'] as const) ?? 'wall',
    graceMs: reader.duration('OUTRIDER_GRACE'),
    maxLateMs: reader.duration('OUTRIDER_MAX_LATE') ?? 86_400_000,
    maxEarlyMs: reader.duration('OUTRIDER_MAX_EARLY') ?? 3_600_000,
    maxWaitMs: reader.duration('OUTRIDER_MAX_WAIT') ?? 6 * 3_600_000,
    maxWindowsPerFlush: reader.count('OUTRIDER_MAX_WINDOWS_PER_FLUSH', 100_000) ?? 100,
    maxRowsPerWindow: reader.count('OUTRIDER_MAX_ROWS_PER_WINDOW', 50_000_000) ?? 1_000_000,
    defaultTable: reader.text('OUTRIDER_DEFAULT_TABLE', /^[A-Za-z_]\w*$/, 'the name of a table'),
    clientId: reader.value('AZURE_CLIENT_ID'),
  };
  reader.unknown();
  if (reader.faults.length > 0) throw new ConfigError(reader.faults);
  return config;
}

class Reader {
  readonly faults: string[] = [];

  constructor(private readonly env: Env) {}

  value(name: SettingName | `${SettingName}__${string}`): string | undefined {
    const value = this.env[name]?.trim();
    return value === '' ? undefined : value;
  }

  required(name: SettingName, why: string): string {
    const value = this.value(name);
    if (value === undefined) this.faults.push(`${name} is not set: ${why}`);
    return value ?? '';
  }

  text(name: SettingName, pattern: RegExp, form: string): string | undefined {
    const value = this.value(name);
    if (value !== undefined && !pattern.test(value)) this.faults.push(`${name} must be ${form}`);
    return value;
  }

  choice<T extends string>(name: SettingName, options: readonly T[]): T | undefined {
    const value = this.value(name);
    const found = options.find((option) => option === value);
    if (value !== undefined && !found) this.faults.push(`${name} must be one of ${options.join(', ')}`);
    return found;
  }

  list<T extends string>(name: SettingName, options: readonly T[]): T[] {
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

  duration(name: SettingName): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const parsed = value === '0' ? 0 : parseDuration(value);
    if (parsed === undefined) this.faults.push(`${name} must be a duration such as 5m, 1h or PT5M`);
    return parsed;
  }

  count(name: SettingName, most: number): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const parsed = z.coerce.number().int().min(1).max(most).safeParse(value);
    if (!parsed.success) this.faults.push(`${name} must be a whole number from 1 to ${most}`);
    return parsed.success ? parsed.data : undefined;
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

  alertsHub(): Config['alertsEventHub'] {
    const name = this.required('ALERTS_EVENT_HUB_NAME', "the sink 'event-hub' needs it");
    const connectionString = this.value('AlertsEventHubConnection') ?? this.value('EventHubConnection');
    const fullyQualifiedNamespace =
      this.value('AlertsEventHubConnection__fullyQualifiedNamespace') ??
      this.value('EventHubConnection__fullyQualifiedNamespace');
    if (!connectionString && !fullyQualifiedNamespace) {
      this.faults.push(
        "AlertsEventHubConnection is not set, nor EventHubConnection: the sink 'event-hub' needs one of them",
      );
    }
    return this.value('AlertsEventHubConnection__fullyQualifiedNamespace') === undefined && connectionString
      ? { name, connectionString }
      : { name, fullyQualifiedNamespace };
  }

  logsIngestion(): Config['logsIngestion'] {
    return {
      endpoint:
        this.url('LOGS_INGESTION_ENDPOINT') ??
        this.required('LOGS_INGESTION_ENDPOINT', "the sink 'logs-ingestion' needs it"),
      ruleId: this.required('LOGS_INGESTION_RULE_ID', "the sink 'logs-ingestion' needs it"),
      stream: this.value('LOGS_INGESTION_STREAM') ?? 'Custom-OutriderAlerts',
    };
  }

  private url(name: SettingName | `${SettingName}__${string}`): string | undefined {
    const value = this.value(name);
    if (value !== undefined && !URL.canParse(value))
      this.faults.push(`${name} must be a URL such as https://account.table.core.windows.net`);
    return value;
  }

  /** A misspelt setting would be ignored in silence. */
  unknown(): void {
    const known = new Set<string>(SETTINGS.map((setting) => setting.name));
    for (const name of Object.keys(this.env)) {
      const base = name.replace(/__.*$/, '');
      if (/^OUTRIDER_/i.test(name) && !known.has(base))
        this.faults.push(`${name} is no setting of Outrider; see the settings reference for the names`);
    }
  }
}
