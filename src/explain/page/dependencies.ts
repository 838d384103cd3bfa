import { type Expr, expressionsOf, factsOf, type Op, someExpr, TICKS_PER_MS } from '../../kql';
import { formatDuration } from '../../plan/duration';
import type { RulePlan, RuleSchedule } from '../../plan/rule-plan';
import { timeBounds } from '../../streaming/time-bounds';
import { type Dependency, listed } from './dependency';
import { literalTests } from './literal-tests';
import { parseDependencies } from './parse-dependencies';
import type { Placement } from './placement';
import { allStages, type StageNode } from './stages';
import { sysmonDependencies } from './sysmon-dependencies';

/** Everything that the rule silently relies on, found in its plan. */
export function dependenciesOf(plan: RulePlan, stages: readonly StageNode[], placement: Placement): Dependency[] {
  const nodes = allStages(stages);
  const numberOf = ({ stage }: Op): string | undefined =>
    stage === undefined ? undefined : nodes.find(({ written }) => written === stage)?.number;
  const found = [
    ...parseDependencies(stages),
    ...sysmonDependencies(plan.stream, numberOf),
    ...nodes.flatMap((node) => [
      ...caseSensitive(node),
      ...beyondPeriod(node, plan.schedule),
      ...optionalColumns(node),
      ...columnsOfData(node),
    ]),
    ...scheduleDependencies(plan.schedule),
    ...unfiltered(placement),
  ];
  return found.filter((item, i) => found.findIndex(({ message }) => message === item.message) === i);
}

/** Windows writes one path in many cases: `C:\Windows`, `C:\WINDOWS`. */
function caseSensitive({ number, predicates }: StageNode): Dependency[] {
  return predicates
    .flatMap(({ expr }) => (loweredIn(expr) ? [] : literalTests(expr)))
    .filter(
      ({ caseSensitive: exact, kind, values }) =>
        exact &&
        kind !== 'regex' &&
        values.some((value) => /[a-z].*\\|\\.*[a-z]|\.(exe|dll|sys|ps1|bat)$/i.test(value)),
    )
    .map(({ field, values }) => ({
      code: 'case-sensitive-path',
      severity: 'note',
      stage: number,
      columns: [field],
      message: `Stage ${number} compares ${field} exactly, upper and lower case told apart: ${listed(
        values.map((value) => JSON.stringify(value)),
        2,
      )}.`,
    }));
}

const loweredIn = (expr: Expr): boolean =>
  someExpr(expr, (part) => part.k === 'call' && (part.fn === 'tolower' || part.fn === 'toupper'));

/** A lookback of the query that is longer than the rule's period is clipped to it. */
function beyondPeriod({ number, predicates }: StageNode, { periodMs }: RuleSchedule): Dependency[] {
  return predicates
    .filter(({ expr }) =>
      timeBounds(expr)?.some(({ side, offset }) => side === 'from' && -offset > BigInt(periodMs) * TICKS_PER_MS),
    )
    .map(({ text }) => ({
      code: 'beyond-period',
      severity: 'note',
      stage: number,
      message: `Stage ${number} looks back further (${text}) than the rule's period of ${formatDuration(periodMs)}: it sees no more than the period.`,
    }));
}

function optionalColumns({ number, ops }: StageNode): Dependency[] {
  const names = new Set<string>();
  for (const expr of ops.flatMap(expressionsOf)) {
    someExpr(expr, (part) => {
      if (part.k === 'columnifexists') names.add(part.name);
      return false;
    });
  }
  if (names.size === 0) return [];
  const message = `Stage ${number} reads ${listed([...names], 8)} if there is such a column, and a fixed value if not.`;
  return [{ code: 'optional-column', severity: 'note', stage: number, columns: [...names], message }];
}

function columnsOfData({ number, ops }: StageNode): Dependency[] {
  const dataBound = ops.find((op) => factsOf(op).columnsOfData?.(op));
  if (!dataBound) return [];
  const message = `Which columns stage ${number} (${dataBound.op}) gives is decided by the data of the window: a column that no row has does not exist after it.`;
  return [{ code: 'columns-of-data', severity: 'note', stage: number, message }];
}

function scheduleDependencies({ frequencyMs, periodMs }: RuleSchedule): Dependency[] {
  const every = formatDuration(frequencyMs);
  const over = formatDuration(periodMs);
  if (frequencyMs >= periodMs) return [];
  const message = `The rule runs every ${every} over ${over}: an event is looked at in ${Math.ceil(periodMs / frequencyMs)} windows, and its result alerts in each of them unless the query leaves older events out.`;
  return [{ code: 'overlap', severity: 'note', message }];
}

function unfiltered({ state }: Placement): Dependency[] {
  return state
    .filter(({ isUnfiltered, kind }) => isUnfiltered && kind === 'rows')
    .map(({ tables }) => ({
      code: 'keeps-everything',
      severity: 'warning',
      message: `Nothing is filtered when an event arrives: every row of ${listed(tables)} is kept until the window closes.`,
    }));
}
