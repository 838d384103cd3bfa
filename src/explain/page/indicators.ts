import { type LiteralTest, literalTests } from './literal-tests';
import { allStages, type StageNode } from './stages';

/** A fixed value that a rule looks for. */
export interface Indicator extends LiteralTest {
  /** Number of the stage that looks. */
  readonly stage: string;
  /** How many other rules of the catalogue look for one of the same values in the same field in the same way. */
  readonly otherRules: number;
}

/** Which rules of a catalogue look for what. */
export class IndicatorIndex {
  private readonly rules = new Map<string, Set<string>>();

  add(ruleId: string, stages: readonly StageNode[]): void {
    for (const test of testsOf(stages)) {
      for (const key of keysOf(test)) {
        const known = this.rules.get(key) ?? new Set<string>();
        this.rules.set(key, known.add(ruleId));
      }
    }
  }

  othersThan(ruleId: string, test: LiteralTest): number {
    const found = new Set(keysOf(test).flatMap((key) => [...(this.rules.get(key) ?? [])]));
    found.delete(ruleId);
    return found.size;
  }
}

/** Each indicator once, in the order of the query. */
export function indicatorsOf(ruleId: string, stages: readonly StageNode[], index: IndicatorIndex): Indicator[] {
  const seen = new Set<string>();
  return testsOf(stages).flatMap((test): Indicator[] => {
    const { stage: _, ...what } = test;
    const text = JSON.stringify(what);
    if (seen.has(text)) return [];
    seen.add(text);
    return [{ ...test, otherRules: index.othersThan(ruleId, test) }];
  });
}

const testsOf = (stages: readonly StageNode[]): (LiteralTest & { stage: string })[] =>
  allStages(stages).flatMap(({ number, predicates }) =>
    predicates.flatMap(({ expr }) => literalTests(expr).map((test) => ({ ...test, stage: number }))),
  );

const keysOf = ({ field, kind, negated, values }: LiteralTest): string[] =>
  values.map((value) => JSON.stringify([field.toLowerCase(), kind, negated, value.toLowerCase()]));
