import { type Env, Reader } from './config/reader';
import { SINK_NAMES } from './config/settings';
import type { Config, OperatorConfig } from './config/types';

export { ConfigError } from './config/reader';
export { SETTINGS, type SettingName, SINK_NAMES, type SinkName } from './config/settings';
export type { Config, OperatorConfig } from './config/types';

/**
 * Reads and checks all settings at once. `defaultPlans`: the plan file where OUTRIDER_PLANS names none. Throws ConfigError with every
 * fault; none of its texts holds a value that may be secret.
 */
export function readConfig(env: Env, defaultPlans: string): Config {
  const reader = new Reader(env);
  const sinks = reader.list('OUTRIDER_SINKS', SINK_NAMES);
  return reader.checked({
    ...shared(reader, defaultPlans),
    events: reader.events(),
    sinks,
    alertsFile: sinks.includes('file') ? reader.required('ALERTS_FILE', "the sink 'file' needs it") : undefined,
    alertsEventHub: sinks.includes('event-hub') ? reader.alertsHub() : undefined,
    logsIngestion: sinks.includes('logs-ingestion') ? reader.logsIngestion() : undefined,
  });
}

/** The settings of an app as far as work beside it needs them; the same names, checks and ConfigError. */
export function readOperatorConfig(env: Env, defaultPlans: string): OperatorConfig {
  const reader = new Reader({ EVENT_HUB_CONSUMER_GROUP: '$Default', ...env });
  const hasHub = reader.value('EventHubConnection') ?? reader.value('EventHubConnection__fullyQualifiedNamespace');
  return reader.checked({
    ...shared(reader, defaultPlans),
    events: hasHub !== undefined && reader.value('EVENT_HUB_NAME') !== undefined ? reader.events() : undefined,
  });
}

function shared(reader: Reader, defaultPlans: string) {
  return {
    storage: reader.storage(),
    tablePrefix:
      reader.text(
        'OUTRIDER_TABLE_PREFIX',
        /^[A-Za-z][A-Za-z0-9]{0,29}$/,
        'letters and digits, at most 30, a letter first',
      ) ?? 'Outrider',
    ...reader.plans(defaultPlans),
    listsEveryMs: reader.interval('OUTRIDER_LISTS_EVERY', 3_600_000) ?? 86_400_000,
    clock: reader.choice('OUTRIDER_CLOCK', ['wall', 'event'] as const) ?? 'wall',
    graceMs: reader.duration('OUTRIDER_GRACE'),
    maxLateMs: reader.duration('OUTRIDER_MAX_LATE') ?? 86_400_000,
    maxEarlyMs: reader.duration('OUTRIDER_MAX_EARLY') ?? 3_600_000,
    maxWaitMs: reader.duration('OUTRIDER_MAX_WAIT') ?? 6 * 3_600_000,
    maxWindowsPerFlush: reader.count('OUTRIDER_MAX_WINDOWS_PER_FLUSH', 100_000) ?? 100,
    maxRowsPerWindow: reader.count('OUTRIDER_MAX_ROWS_PER_WINDOW', 50_000_000) ?? 1_000_000,
    deadLetterDays: reader.count('OUTRIDER_DEAD_LETTER_DAYS', 3650) ?? 30,
    defaultTable: reader.text('OUTRIDER_DEFAULT_TABLE', /^[A-Za-z_]\w*$/, 'the name of a table'),
    board: reader.choice('OUTRIDER_BOARD', ['off', 'entra'] as const) ?? 'off',
    clientId: reader.value('AZURE_CLIENT_ID'),
  } as const;
}
