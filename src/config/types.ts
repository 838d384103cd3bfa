import type { SinkName } from './settings';

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
  /** Path of the plan file. */
  readonly plans: string;
  /** Whether plans in blob storage take the place of the file's, once there are some. */
  readonly hasDeployedPlans: boolean;
  /** 0: lists stay as they were when the plans were built. */
  readonly listsEveryMs: number;
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
  readonly deadLetterDays: number;
  readonly defaultTable?: string;
  /** Whether the app serves the board. */
  readonly board: 'off' | 'entra';
  readonly clientId?: string;
}

/** What the command needs to work beside a deployed app: no sinks, and the hub only where it is set. */
export type OperatorConfig = Omit<Config, 'events' | 'sinks' | 'alertsFile' | 'alertsEventHub' | 'logsIngestion'> & {
  readonly events?: Config['events'];
};
