import { type Expr, exprText, type Op, opText } from '../../kql';
import type { WorkspaceRule } from '../../rules/workspace';
import { conditionsOf } from '../../streaming/conditions';
import type { Fields } from '../../streaming/source-row';
import { stagesOfRule } from '../page/page';
import { allStages, type StageNode } from '../page/stages';
import { BranchFunnel, type StageCount, type StageLabel } from './branch-funnel';

/** What became of the events of one table, on one way into the rule. */
export interface BranchCount {
  readonly table: string;
  /** Records of the table. */
  readonly events: number;
  /** Records on which the rule failed. */
  readonly failures: number;
  readonly stages: readonly StageCount[];
}

/** Counts what a rule does with events, stage by stage and predicate by predicate, in bounded memory. */
export class RuleFunnel {
  private readonly branches: readonly BranchFunnel[];
  readonly labels: StageLabels;

  /** The rule must have compiled. */
  constructor(readonly rule: WorkspaceRule) {
    this.labels = new StageLabels(stagesOfRule(rule));
    this.branches = rule.plan!.stream.legs.flatMap(({ branches }) =>
      branches.map((branch) => new BranchFunnel(branch, (op) => this.labels.of(op))),
    );
  }

  /** @param ingestion when the event was taken in, ticks */
  add(table: string, fields: Fields, ingestion: bigint): void {
    for (const branch of this.branches) if (branch.branch.table === table) branch.add(fields, ingestion);
  }

  result(): BranchCount[] {
    return this.branches.map((branch) => branch.result());
  }
}

/** Finds the stage of the query that an operator of the plan came from. */
export class StageLabels {
  private readonly nodes = new Map<number, StageNode>();

  constructor(stages: readonly StageNode[]) {
    for (const node of allStages(stages))
      if (node.written !== undefined && !this.nodes.has(node.written)) this.nodes.set(node.written, node);
  }

  of(op: Op): StageLabel {
    const node = op.stage === undefined ? undefined : this.nodes.get(op.stage);
    const number = node?.number ?? '';
    return {
      number,
      kind: node?.kind ?? op.op,
      text: node?.text ?? (opText(op) || op.op),
      predicate: (index) => {
        const cond = conditionsOf(op)?.[index];
        const at = cond && node ? placeOf(cond, node) : -1;
        const text = node?.predicates[at]?.text ?? (cond ? exprText(cond) : '');
        if (number === '') return { number: String(index + 1), text };
        return { number: node && node.predicates.length > 1 && at >= 0 ? `${number}.${at + 1}` : number, text };
      },
    };
  }
}

/** A filter of the plan may hold some of the predicates of the written one alone. */
function placeOf(cond: Expr, { predicates }: StageNode): number {
  const same = predicates.findIndex(({ expr }) => expr === cond);
  if (same >= 0) return same;
  const text = exprText(cond);
  return predicates.findIndex(({ expr }) => exprText(expr) === text);
}
