import type { Sink } from '../alerts/sinks/sink';
import type { MessageParts } from '../deadletters/message-parts';
import type { DecodeOptions, HubMessage } from '../events/types';
import type { RulePlan } from '../plan/rule-plan';
import type { RowPosition } from '../state/position';
import type { EntityStore } from '../state/store';

/** Names of the tables, all in one storage account. */
export interface TableNames {
  readonly state: string;
  /** Windows, alerts and what waits for sinks. */
  readonly alerts: string;
  /** Where each rule stands, and panes to look at again. */
  readonly control: string;
}

/** What could not be evaluated, with its reason; written as one record each. */
export interface UnevaluatedRecord {
  readonly source: BatchSource;
  readonly sequenceNumber: number;
  /** Index of the record in its message. */
  readonly record: number;
  readonly enqueuedTime: number;
  /** Set where only this rule failed on it. */
  readonly ruleId?: string;
  readonly reason: string;
  readonly detail: string;
  readonly body: Uint8Array | string;
  /** The body is that of the message, with other records in it. */
  readonly isWholeMessage?: boolean;
  /** With a rule: hashes of its legs that have counted the record. */
  readonly countedLegs?: readonly string[];
  /** With a rule: hashes of its legs whose state holds the record's place where they have not counted it. */
  readonly trackedLegs?: readonly string[];
  /** Of a whole message: the records that it stands for; all others of the message have been evaluated. */
  readonly parts?: MessageParts;
  /** It is written once more when all of its batch is known. */
  readonly isProvisional?: boolean;
}

/** Where dead letters go. Writing one twice must be one. */
export interface DeadLetterWriter {
  write(letters: readonly UnevaluatedRecord[]): Promise<void>;
  /** Which records of messages have a dead letter: `SEQUENCE.RECORD`, or `SEQUENCE` where one stands for the message. Absent: not known. */
  standing?(
    source: BatchSource,
    messages: readonly Pick<HubMessage, 'sequenceNumber' | 'enqueuedTime'>[],
  ): Promise<ReadonlySet<string>>;
}

/** One partition of one hub. */
export interface BatchSource {
  readonly namespace: string;
  readonly hub: string;
  readonly partition: string;
  /** Tells a hub from one of the same name that was deleted, such as its time of creation: sequence numbers began anew. */
  readonly incarnation?: string;
}

/** Where a partition ended when the hub was asked. */
export interface PartitionEnd {
  readonly source: BatchSource;
  /** -1 for a partition that is empty. */
  readonly lastSequenceNumber: number;
}

/** Messages of one partition, in the order of their sequence numbers. */
export interface Batch {
  readonly source: BatchSource;
  readonly messages: readonly HubMessage[];
}

/** Plans that are deployed together. */
export interface PlanSet {
  /** Another one for other plans. */
  readonly version: string;
  readonly plans: readonly RulePlan[];
}

export interface EngineOptions {
  readonly plans: readonly RulePlan[];
  /**
   * Whether `plans` were built with this very engine, which has compiled every pattern in them then: from now on this process compiles patterns when
   * they are first searched for. Not for a process that builds rules.
   */
  readonly arePlansChecked?: boolean;
  /** Asks for the plans that are deployed now, all of which this engine can run. Absent: `plans`, for as long as the process lives. */
  readonly deployedPlans?: () => Promise<PlanSet>;
  readonly store: EntityStore;
  readonly tables: TableNames;
  readonly sinks: readonly Sink[];
  readonly deadLetters: DeadLetterWriter;
  /**
   * `live`: windows close as time passes; whether an event is late, or stamped ahead, is judged against its enqueued time. `replay`: old
   * data; no event is late, and every window over a pane that got events is run by the next flush.
   */
  readonly mode: 'live' | 'replay';
  readonly decode?: DecodeOptions;
  /** An event stamped longer than this before it was enqueued goes to dead letters, ms. */
  readonly maxLateMs: number;
  /** An event stamped further than this after it was enqueued goes to dead letters, ms. */
  readonly maxAheadMs: number;
  /** Grace for all rules where settings.yaml sets none, ms. */
  readonly graceMs?: number;
  /** Asks the hub where its partitions end, so that a window does not run before they have been read. Absent: no window waits. */
  readonly hubEnds?: () => Promise<readonly PartitionEnd[]>;
  /** How long a window waits for the partitions before it is run `Incomplete`, ms. */
  readonly maxWaitMs: number;
  /** Most windows a flush runs for one rule; the rest follows at the next tick. */
  readonly maxWindowsPerFlush: number;
  /** Most rows or groups of one leg and window held in memory. */
  readonly maxRowsPerWindow: number;
  /** Most text of rows and groups of one window held in memory, characters. */
  readonly maxTextPerWindow: number;
  /**
   * After so long, ms, a flush begins nothing more: the next one goes on. What is under way may take as long again, so twice of it, and a
   * minute to deliver what came of it, must be less than the time that a function may take (`functionTimeout` in host.json).
   */
  readonly maxFlushMs: number;
  /** State older than every window that may still run is deleted, so many entities a flush at most; of alerts as many. */
  readonly maxExpiredPerFlush: number;
  /** How long windows and alerts stay in the outbox, ms: well beyond the longest outage of a sink. */
  readonly keepAlertsMs: number;
  /** Whether batches move the progress of their partition (default); not where they are dead letters sent again. */
  readonly notesProgress?: boolean;
  /** Whether a record of a message is evaluated, by its index; absent: all are. Others count as evaluated before. */
  readonly onlyRecord?: (index: number) => boolean;
  /** Which rows of a state partition are to be counted; absent: all. Those of dead letters that are sent again. */
  readonly ownRows?: <R extends { readonly position: RowPosition }>(
    pane: { readonly stateHash: string; readonly paneStart: number },
    rows: readonly R[],
  ) => Promise<readonly R[]>;
  /** Dead letters of one message above which there is one for the whole message. Default 20. */
  readonly mostLetters?: number;
  readonly log: (event: LogEvent) => void;
}

/** Never holds text of an event: it may be secret. */
export interface LogEvent {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly [key: string]: string | number | boolean | undefined;
}

export interface EvaluateResult {
  readonly messages: number;
  /** Messages that the prefilter ruled out unread. */
  readonly skipped: number;
  readonly records: number;
  /** Rows that came through some rule's row stage. */
  readonly matches: number;
  /** Of those, counted by an earlier delivery. */
  readonly redelivered: number;
  /** Records put aside, and for each rule that failed on one that record once more. */
  readonly deadLetters: number;
  /** Of those, failures that are no rule's own: of the program, or of a bound of the engine it runs in. */
  readonly faults: number;
  /** Messages before or between these that were never evaluated, and no longer will be. */
  readonly lost: number;
}

export interface FlushResult {
  /** What time it went by, ms. */
  readonly at: number;
  readonly windows: number;
  /** Windows run again because events came late. */
  readonly corrections: number;
  /** Windows that failed and were given up. */
  readonly failed: number;
  /** Rules with a window that is due and waits for partitions to be read. */
  readonly waiting: number;
  /** Rules with windows or corrections that this flush had no time for. */
  readonly behind: number;
  readonly created: number;
  readonly revised: number;
  readonly withdrawn: number;
  readonly sent: number;
  readonly undelivered: number;
  /** Entities of state and of the outbox that were too old and were deleted. */
  readonly expired: number;
  /** Work is left for the next flush. */
  readonly more: boolean;
}
