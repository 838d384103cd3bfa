import type { PendingSink } from '../alerts/delivery/pending';
import type { DeadLetters } from '../deadletters/dead-letters';
import type { PartitionEnd, ResendOptions, TableNames } from '../engine';
import type { RulePlan } from '../plan/rule-plan';
import type { EntityStore } from '../state/store';
import type { StoredPage } from './pages';
import type {
  CheckView,
  CompletionView,
  HealthView,
  PartitionView,
  ReadingView,
  ResentView,
  RunView,
  SessionView,
} from './types';

export interface BoardStorage {
  readonly store: EntityStore;
  readonly tables: TableNames;
  readonly letters: DeadLetters;
}

/** What a host of the board gives it to read. Nothing here costs evaluate anything: it is the store, and the hub's own word of its ends. */
export interface BoardSource {
  readonly session: Pick<SessionView, 'host' | 'name' | 'mode'>;
  storage(): Promise<BoardStorage>;
  plans(): Promise<readonly RulePlan[]>;
  /** Pages of rules that the build left beside the plans. */
  pages(): readonly StoredPage[];
  /** As `/health` answers. Does not reject. */
  health(now: number): Promise<HealthView & { readonly pending: readonly PendingSink[] }>;
  /** ms. */
  graceMs(ruleId: string, plans: readonly RulePlan[]): number;
  hubEnds?(): Promise<readonly PartitionEnd[]>;
  /** Where partitions stand when the app notes no progress (a replay). */
  positions?(): readonly PartitionView[];
  /** What was evaluated of late, where the host watches without being asked. */
  readings?(): readonly ReadingView[];
  /** Absent: read-only. */
  resend?(id: string, options: ResendOptions): Promise<Omit<ResentView, 'id'> | undefined>;
  readonly workbench?: Workbench;
}

/** Events to try something on: what somebody dropped, or the sample at hand of the last minutes. */
export type WorkInput = { readonly file: string; readonly bytes: Uint8Array } | { readonly minutes: number };

export interface RuleDraft {
  readonly name: string;
  readonly query: string;
  readonly severity: string;
  readonly tactic: string;
  readonly technique: string;
  readonly input: WorkInput;
}

/** Work that needs the compiler: on a laptop alone, off the thread that answers. Methods reject with WorkFault for what their caller can mend. */
export interface Workbench {
  readonly hasSample: boolean;
  check(query: string): Promise<CheckView>;
  complete(query: string, position: number): Promise<CompletionView>;
  run(query: string, input: WorkInput): Promise<RunView>;
  /** Follows events through the rule of this id: JSON of a FunnelResult. */
  funnel(ruleId: string, input: WorkInput): Promise<unknown>;
  /** Writes a rule and its test; absent: rules are not kept here. */
  save?(draft: RuleDraft): Promise<{ readonly rule: string; readonly test: string }>;
}

export class WorkFault extends Error {}
