import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Column, Reference } from '../kql';
import type { StoredRequirement } from '../streaming/requirements';
import { STATE_FORMAT } from '../streaming/split';
import type { StreamPlan, TimeBasis } from '../streaming/stream-plan';
import type { AnalyticsRule } from './rule';
import type { RuleSettings } from './rule-settings';

/** A rule as it is deployed: checked, compiled and taken apart for the stream. Plain JSON. */
export interface RulePlan {
  /** SHA-256 (hex, shortened) of everything below but `references`: of lists the rows count, not when they were fetched. */
  readonly hash: string;
  readonly rule: Omit<AnalyticsRule, 'raw'>;
  readonly settings: RuleSettings;
  readonly schedule: RuleSchedule;
  /** Result columns as far as the build knows them. */
  readonly columns: readonly Column[];
  /** Columns that tell one result row from another; absent: all of them. */
  readonly keyColumns?: readonly string[];
  readonly stream: StreamPlan;
  /** For each leg and branch, what an event must contain to come through. */
  readonly requirements: readonly (readonly StoredRequirement[])[];
  /** Proved at build: windows without events raise no alert, so they need not be run. */
  readonly isSilentWithoutEvents: boolean;
  /** Lists whose rows are in the plan. */
  readonly references?: readonly Reference[];
}

/** The hash of a plan with this content. */
export const planHash = ({ references: _, hash: __, ...content }: Partial<RulePlan>): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 24);

export interface RuleSchedule {
  readonly frequencyMs: number;
  readonly periodMs: number;
  /** The time basis as plans store it; see `timeBasisOf`. The name and the words are part of the hashes of plans and lineages. */
  readonly clock: 'event' | 'enqueued';
}

/** What cuts the windows of a schedule. */
export const timeBasisOf = ({ clock }: RuleSchedule): TimeBasis => (clock === 'enqueued' ? 'ingestion' : 'event');

/** Changes whenever an engine could not run what an older build wrote. */
export const PLAN_FORMAT = 1;

export interface PlanFile {
  readonly format: number;
  readonly stateFormat: number;
  readonly rules: readonly RulePlan[];
}

const planFile = z.object({
  format: z.number(),
  stateFormat: z.number(),
  rules: z.array(
    z.looseObject({ hash: z.string(), rule: z.looseObject({ id: z.string() }), stream: z.looseObject({}) }),
  ),
});

export const planFileOf = (rules: readonly RulePlan[]): PlanFile => ({
  format: PLAN_FORMAT,
  stateFormat: STATE_FORMAT,
  rules,
});

/** Text of plans.json → plans. Throws Error with what to do when it is not one or was built for another engine. */
export function parsePlans(text: string): PlanFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`the plan file is not JSON (${(error as Error).message}): run 'outrider build'`);
  }
  const parsed = planFile.safeParse(json);
  if (!parsed.success) throw new Error("the plan file does not have the form of one: run 'outrider build'");
  if (parsed.data.format !== PLAN_FORMAT || parsed.data.stateFormat !== STATE_FORMAT) {
    throw new Error(
      `the plan file has format ${parsed.data.format}.${parsed.data.stateFormat}, this engine runs ${PLAN_FORMAT}.${STATE_FORMAT}: run 'outrider build' with this version`,
    );
  }
  return json as PlanFile;
}
