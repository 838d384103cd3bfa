import type { ChosenSink } from '../alerts/sinks/define';

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
  /** Whether the plan file is the one that was built with the program. */
  readonly isOwnPlanFile: boolean;
  /** 0: lists stay as they were when the plans were built. */
  readonly listsEveryMs: number;
  readonly sinks: readonly ChosenSink[];
  /** `live`: windows close as time passes. `replay`: old data, every window over it is flushed. */
  readonly mode: 'live' | 'replay';
  readonly graceMs?: number;
  readonly maxLateMs: number;
  readonly maxAheadMs: number;
  readonly maxWaitMs: number;
  readonly maxWindowsPerFlush: number;
  readonly maxFlushMs: number;
  readonly maxRowsPerWindow: number;
  /** Characters. */
  readonly maxTextPerWindow: number;
  readonly deadLetterDays: number;
  readonly defaultTable?: string;
  /** Whether the app serves the board. */
  readonly board: 'off' | 'entra';
  readonly clientId?: string;
}

/** What the command needs to work beside a deployed app: no sinks, and the hub only where it is set. */
export type OperatorConfig = Omit<Config, 'events' | 'sinks'> & {
  readonly events?: Config['events'];
};
