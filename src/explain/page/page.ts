import { factsOf, type ShownReference, shownReference } from '../../kql';
import type { AnalyticsRule } from '../../plan/rule';
import type { RuleSchedule } from '../../plan/rule-plan';
import { findTactic, techniqueTitle } from '../../rules/catalogue/mitre';
import type { WorkspaceRule } from '../../rules/workspace';
import { type EventRequirement, requirementsOf } from '../../streaming/requirements';
import { dependenciesOf } from './dependencies';
import type { Dependency } from './dependency';
import { type EventCoverage, eventCoverage } from './events';
import { type Indicator, IndicatorIndex, indicatorsOf } from './indicators';
import { type OutputField, outputsOf } from './outputs';
import { type KeptState, placementOf, type RunsAt } from './placement';
import { allStages, type StageNode, stagesOf } from './stages';

export interface PageStage {
  readonly number: string;
  readonly kind: string;
  readonly text: string;
  readonly predicates: readonly string[];
  readonly runs: readonly RunsAt[];
  readonly inner: readonly { readonly title: string; readonly stages: readonly PageStage[] }[];
}

/** What is known of a rule from its file and its plan alone. Plain JSON. */
export interface RulePage {
  readonly file: string;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly kind: AnalyticsRule['kind'];
  readonly status?: string;
  readonly version?: string;
  readonly severity: AnalyticsRule['severity'];
  readonly schedule: RuleSchedule;
  readonly trigger: AnalyticsRule['trigger'];
  /** Keys of the last grouping of the query. */
  readonly groupBy: readonly string[];
  readonly sources: readonly string[];
  readonly tactics: readonly { readonly id: string; readonly title: string }[];
  readonly techniques: readonly { readonly id: string; readonly title?: string }[];
  readonly events: readonly EventCoverage[];
  readonly stages: readonly PageStage[];
  readonly indicators: readonly Indicator[];
  readonly outputs: readonly OutputField[];
  readonly entities: readonly { readonly type: string; readonly fields: Readonly<Record<string, string>> }[];
  readonly state: readonly KeptState[];
  readonly paneMs: number;
  readonly panesPerWindow: number;
  readonly latenessMs: number;
  /** Windows without events raise no alert and are not run. */
  readonly isSilentWithoutEvents: boolean;
  /** For each way into the rule, all that an event must have. */
  readonly requirements: readonly (readonly EventRequirement[])[];
  readonly dependsOn: readonly Dependency[];
  /** Lists whose rows are in the plan, as they were when it was built. */
  readonly references: readonly ShownReference[];
}

/** The pages of rules; `catalogue`: all rules that indicators are counted over. Rules that do not compile have none. */
export function rulePages(rules: readonly WorkspaceRule[], catalogue: readonly WorkspaceRule[]): RulePage[] {
  const index = new IndicatorIndex();
  for (const rule of new Set([...catalogue, ...rules])) if (rule.plan) index.add(rule.plan.rule.id, stagesOfRule(rule));
  return rules.flatMap((rule) => (rule.plan ? [pageOf(rule, index)] : []));
}

export const stagesOfRule = ({ query, stages }: WorkspaceRule): StageNode[] =>
  query ? stagesOf(query, stages ?? []) : [];

function pageOf(rule: WorkspaceRule, index: IndicatorIndex): RulePage {
  const plan = rule.plan!;
  const stages = stagesOfRule(rule);
  const placement = placementOf(plan, stages);
  const { id, name, description, kind, status, version, severity, trigger } = plan.rule;
  const { runs, ...kept } = placement;
  return {
    file: rule.file.file,
    id,
    name,
    description,
    kind,
    ...(status === undefined ? {} : { status }),
    ...(version === undefined ? {} : { version }),
    severity,
    schedule: plan.schedule,
    trigger,
    groupBy: groupKeys(stages),
    sources: [...new Set(plan.stream.legs.flatMap(({ branches }) => branches.map(({ table }) => table)))],
    tactics: plan.rule.tactics.map((tactic) => {
      const known = findTactic(tactic);
      return { id: known?.id ?? '', title: known?.title ?? tactic };
    }),
    techniques: plan.rule.techniques.map((technique) => {
      const title = techniqueTitle(technique);
      return { id: technique, ...(title === undefined ? {} : { title }) };
    }),
    events: eventCoverage(plan.stream),
    stages: stages.map((stage) => shown(stage, runs)),
    indicators: indicatorsOf(id, stages, index),
    outputs: outputsOf(stages, plan.columns),
    entities: plan.rule.entityMappings.map(({ entityType, fieldMappings }) => ({
      type: entityType,
      fields: Object.fromEntries(fieldMappings.map(({ identifier, columnName }) => [identifier, columnName])),
    })),
    ...kept,
    isSilentWithoutEvents: plan.isSilentWithoutEvents,
    requirements: plan.stream.legs.flatMap(({ branches }) => branches.map(requirementsOf)),
    dependsOn: dependenciesOf(plan, stages, placement),
    references: (plan.references ?? []).map(shownReference),
  };
}

/** Of the main pipeline, or else of a query inside it: legs of a union may each group. */
function groupKeys(stages: readonly StageNode[]): string[] {
  const last = [stages, allStages(stages)]
    .map((list) => list.flatMap(({ ops }) => ops).findLast((op) => factsOf(op).groupKeys))
    .find(Boolean);
  const keys = last && factsOf(last).groupKeys?.(last);
  return keys === undefined || keys === 'all' ? [] : [...keys];
}

const shown = (node: StageNode, runs: ReadonlyMap<string, readonly RunsAt[]>): PageStage => ({
  number: node.number,
  kind: node.kind,
  text: node.text,
  predicates: node.predicates.map(({ text }) => text),
  runs: runs.get(node.number) ?? [],
  inner: node.inner.map(({ title, stages }) => ({ title, stages: stages.map((stage) => shown(stage, runs)) })),
});
