import type { SinkDefinition } from '../alerts/sinks/define';
import { SINKS } from '../alerts/sinks/registry';
import { APP_DEFAULTS, DEFAULTS } from '../plan/defaults';
import { formatDuration } from '../plan/duration';

interface Setting {
  readonly name: string;
  readonly description: string;
  readonly default?: string;
  /** `bindings`: read by the Functions host and its bindings; checked here so that a missing one is named clearly. */
  readonly readBy: 'engine' | 'bindings';
}

/** The settings of the app but for those of its sinks. */
const OWN_SETTINGS = [
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
    default: APP_DEFAULTS.consumerGroup,
    readBy: 'bindings',
  },
  {
    name: 'FLUSH_SCHEDULE',
    description:
      "NCRONTAB (six fields) of the flush. Windows close on the rules' own schedules; this is how soon it is noticed.",
    default: APP_DEFAULTS.flushSchedule,
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
    description: 'Start of the names of the tables and of the containers of dead letters, plans and lists.',
    default: APP_DEFAULTS.tablePrefix,
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_PLANS',
    description:
      "Plan file that 'outrider build' wrote; or 'blob:' for the plans that 'outrider deploy-rules' puts into blob storage, and the default file until there are some.",
    default: 'dist/plans.json beside the functions',
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_LISTS_EVERY',
    description:
      'How often lists that rules read by externaldata are fetched anew, at least 1h; 0: never, they stay as they were when the plans were built.',
    default: formatDuration(APP_DEFAULTS.listsEveryMs),
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_SINKS',
    description: `Where alerts go, separated by commas: ${SINKS.map(({ name }) => name).join(', ')}.`,
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_MODE',
    description:
      "'live': windows close as time passes. 'replay': for old data; every window over the events is flushed, and no event is late.",
    default: APP_DEFAULTS.mode,
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_CLOCK',
    description:
      "Older name of OUTRIDER_MODE: 'wall' is 'live', 'event' is 'replay'. A start where the two contradict each other is refused.",
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
    default: formatDuration(DEFAULTS.maxLateMs),
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_MAX_EARLY',
    description: 'An event stamped further than this into the future goes to dead letters.',
    default: formatDuration(DEFAULTS.maxAheadMs),
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_MAX_WAIT',
    description:
      'How long a window waits for partitions that are behind before it is run as incomplete and corrected later.',
    default: formatDuration(DEFAULTS.maxWaitMs),
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_MAX_WINDOWS_PER_FLUSH',
    description:
      'Most windows that are due, and most corrections, that one flush runs for one rule; the rest waits for the next.',
    default: String(DEFAULTS.maxWindowsPerFlush),
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_MAX_FLUSH',
    description:
      'After so long a flush begins nothing more, and the next one goes on. Twice of it, and a minute, must be less than functionTimeout in host.json.',
    default: formatDuration(DEFAULTS.maxFlushMs),
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_MAX_ROWS_PER_WINDOW',
    description: 'Most rows or groups of a window held in memory; a window with more fails and says so.',
    default: String(DEFAULTS.maxRowsPerWindow),
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_MAX_TEXT_PER_WINDOW',
    description:
      'Most text of rows and groups of a window held in memory, characters; a window with more fails and says so. At most a tenth of the bytes of memory of an instance.',
    default: '200000000',
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_DEAD_LETTER_DAYS',
    description: 'Dead letters are kept so many days, counted from when the hub took the message in.',
    default: String(APP_DEFAULTS.deadLetterDays),
    readBy: 'engine',
  },
  {
    name: 'OUTRIDER_BOARD',
    description:
      "'entra': the app serves the board at /api/board, to whom App Service authentication has signed in (docs/board.md).",
    default: 'off',
    readBy: 'engine',
  },
  { name: 'OUTRIDER_DEFAULT_TABLE', description: 'Table of JSON records that do not name theirs.', readBy: 'engine' },
  {
    name: 'AZURE_CLIENT_ID',
    description: 'Client id of the user-assigned identity, where one is used.',
    readBy: 'engine',
  },
] as const satisfies readonly Setting[];

/** A setting whose name is known here. */
export type OwnSettingName = (typeof OWN_SETTINGS)[number]['name'];

const settingsOfSinks = (sinks: readonly SinkDefinition[]): Setting[] =>
  sinks.flatMap((sink) =>
    Object.entries(sink.settings).map(([name, { description, default: fallback }]) => ({
      name,
      description: `For the sink '${sink.name}': ${description}`,
      ...(fallback === undefined ? {} : { default: fallback }),
      readBy: 'engine' as const,
    })),
  );

/** Every setting of an app that can have these sinks. */
export const settingsWith = (sinks: readonly SinkDefinition[]): readonly Setting[] =>
  OWN_SETTINGS.flatMap((setting: Setting) =>
    setting.name === 'OUTRIDER_SINKS' ? [setting, ...settingsOfSinks(sinks)] : [setting],
  );

/**
 * Every setting of the deployed app. The same names hold in Azure, in local.settings.json and in `npm start`. A connection is either
 * `NAME` (a connection string) or `NAME__…` (an address, used with the app's managed identity).
 */
export const SETTINGS = settingsWith(SINKS);

type NamesOf<D> = D extends SinkDefinition<string, infer S> ? Extract<keyof S, string> : never;
export type SettingName = OwnSettingName | NamesOf<(typeof SINKS)[number]>;
