import type { SinkDefinition } from './alerts/sinks/define';
import { SINKS } from './alerts/sinks/registry';
import { type Env, Reader } from './config/reader';
import { SETTINGS, settingsWith } from './config/settings';
import { readSinks } from './config/sinks';
import type { Config, OperatorConfig } from './config/types';
import { APP_DEFAULTS, DEFAULTS } from './plan/defaults';

export { ConfigError } from './config/reader';
export { SETTINGS, type SettingName } from './config/settings';
export type { Config, OperatorConfig } from './config/types';

/**
 * Reads and checks all settings at once. `defaultPlans`: the plan file where OUTRIDER_PLANS names none. `sinks`: those that can be chosen.
 * Throws ConfigError with every fault; none of its texts holds a value that may be secret.
 */
export function readConfig(env: Env, defaultPlans: string, sinks: readonly SinkDefinition[] = SINKS): Config {
  const reader = new Reader(env, settingsWith(sinks));
  reader.flushSchedule();
  const chosen = readSinks(reader, sinks);
  return reader.checked({ ...shared(reader, defaultPlans), events: reader.events(), sinks: chosen });
}

/** The settings of an app as far as work beside it needs them; the same names, checks and ConfigError. */
export function readOperatorConfig(env: Env, defaultPlans: string): OperatorConfig {
  const reader = new Reader({ EVENT_HUB_CONSUMER_GROUP: APP_DEFAULTS.consumerGroup, ...env }, SETTINGS);
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
      ) ?? APP_DEFAULTS.tablePrefix,
    ...reader.plans(defaultPlans),
    listsEveryMs: reader.interval('OUTRIDER_LISTS_EVERY', 3_600_000) ?? APP_DEFAULTS.listsEveryMs,
    mode: reader.mode(),
    graceMs: reader.duration('OUTRIDER_GRACE'),
    maxLateMs: reader.duration('OUTRIDER_MAX_LATE') ?? DEFAULTS.maxLateMs,
    maxAheadMs: reader.duration('OUTRIDER_MAX_EARLY') ?? DEFAULTS.maxAheadMs,
    maxWaitMs: reader.duration('OUTRIDER_MAX_WAIT') ?? DEFAULTS.maxWaitMs,
    maxWindowsPerFlush: reader.count('OUTRIDER_MAX_WINDOWS_PER_FLUSH', 100_000) ?? DEFAULTS.maxWindowsPerFlush,
    maxFlushMs: reader.between('OUTRIDER_MAX_FLUSH', 10_000, 1_800_000) ?? DEFAULTS.maxFlushMs,
    maxRowsPerWindow: reader.count('OUTRIDER_MAX_ROWS_PER_WINDOW', 50_000_000) ?? DEFAULTS.maxRowsPerWindow,
    maxTextPerWindow: reader.count('OUTRIDER_MAX_TEXT_PER_WINDOW', 10_000_000_000) ?? DEFAULTS.maxTextPerWindow,
    deadLetterDays: reader.count('OUTRIDER_DEAD_LETTER_DAYS', 3650) ?? APP_DEFAULTS.deadLetterDays,
    defaultTable: reader.text('OUTRIDER_DEFAULT_TABLE', /^[A-Za-z_]\w*$/, 'the name of a table'),
    board: reader.choice('OUTRIDER_BOARD', ['off', 'entra'] as const) ?? 'off',
    clientId: reader.value('AZURE_CLIENT_ID'),
  } as const;
}
