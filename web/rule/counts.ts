import type { FunnelResult } from '../../cli/explain/funnel';

export interface StageCounts {
  /** Rows after a stage, by its number. */
  readonly stages: ReadonlyMap<string, number>;
  /** By number: `4.1`, or that of the stage where it has one. */
  readonly predicates: ReadonlyMap<string, { readonly reached: number; readonly passed: number }>;
  /** What the bars are measured by. */
  readonly most: number;
}

/** Counts of a funnel by the numbers of the page; ways into a rule that share a stage are added up. */
export function countsOf({ branches, flush }: FunnelResult): StageCounts {
  const stages = new Map<string, number>();
  const predicates = new Map<string, { reached: number; passed: number }>();
  const add = (number: string, rows: number): void => void stages.set(number, (stages.get(number) ?? 0) + rows);
  for (const branch of branches) {
    add('1', branch.events);
    for (const stage of branch.stages) {
      if (stage.number !== '') add(stage.number, stage.rows);
      for (const { number, reached, passed } of stage.predicates) {
        const known = predicates.get(number) ?? { reached: 0, passed: 0 };
        predicates.set(number, { reached: known.reached + reached, passed: known.passed + passed });
      }
    }
  }
  for (const { stage, count } of flush.kept) if (stage) add(stage, count);
  for (const { number, rows } of flush.steps) if (number !== '') stages.set(number.split('.')[0]!, rows);
  return { stages, predicates, most: Math.max(1, ...stages.values()) };
}
