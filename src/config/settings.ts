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
    description: 'Start of the names of the tables and of the containers of dead letters, plans and lists.',
    default: 'Outrider',
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
    default: '1d',
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
  {
    name: 'OUTRIDER_DEAD_LETTER_DAYS',
    description: 'Dead letters are kept so many days, counted from when the hub took the message in.',
    default: '30',
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

export type SettingName = (typeof SETTINGS)[number]['name'];
