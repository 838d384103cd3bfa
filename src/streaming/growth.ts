import {
  type Expr,
  factsOf,
  findAggregate,
  type Growth,
  type GrowthRules,
  type Growths,
  type NamedExpr,
  type Op,
  type Pipeline,
  readByAll,
  type Source,
} from '../kql';
import { conjuncts } from './conditions';
import { isDecidedOnArrival } from './row-stage';
import type { StreamPlan } from './stream-plan';

/** Why a rule may not alert early; undefined where later events can add result rows and revise them, but never remove one. */
export function whyNotEarly(stream: StreamPlan, trigger: { operator: string }): string | undefined {
  if (trigger.operator !== 'GreaterThan' && trigger.operator !== 'GreaterThanOrEqual') {
    return `its trigger is ${trigger.operator}, which more rows can undo`;
  }
  try {
    follow(stream.flush, stream);
    return undefined;
  } catch (error) {
    if (error instanceof Shrinks) return error.message;
    throw error;
  }
}

/**
 * Whether nothing of a result row changes as events come: then the whole row is what tells it from others. Of rules that may alert early.
 */
export function isResultFixed(stream: StreamPlan): boolean {
  return [...follow(stream.flush, stream).values()].every((growth) => growth === 'fixed');
}

class Shrinks extends Error {}

function follow(plan: Pipeline, stream: StreamPlan): Growths {
  let columns = sourceColumns(plan.source, stream);
  for (const op of plan.ops) columns = step(op, columns, stream);
  return columns;
}

function sourceColumns(source: Source, stream: StreamPlan): Growths {
  switch (source.kind) {
    case 'state': {
      const { group, columns } = stream.legs[source.leg]!;
      if (!group) return new Map(columns.map(({ name }) => [name, 'fixed']));
      const growth = new Map<string, Growth>(group.by.map(({ name }) => [name, 'fixed']));
      for (const call of group.aggregates) {
        const grows = findAggregate(call.fn)?.grows === true;
        for (const name of call.names) growth.set(name, grows ? 'growing' : 'changing');
      }
      for (const { name } of columns) if (!growth.has(name)) growth.set(name, 'changing');
      return growth;
    }
    case 'rows':
      return new Map(source.columns.map(({ name }) => [name, 'fixed']));
    case 'union': {
      const all = new Map<string, Growth>();
      for (const leg of source.union.legs) {
        for (const [name, growth] of follow(leg, stream)) all.set(name, worst(all.get(name), growth));
      }
      return all;
    }
    default:
      throw new Shrinks(`it reads a ${source.kind} whose rows hang on the moment`);
  }
}

const worst = (a: Growth | undefined, b: Growth): Growth => (a === undefined || a === b ? b : 'changing');

function step(op: Op, columns: Growths, stream: StreamPlan): Growths {
  const after = factsOf(op).grows?.(op, columns, rulesFor(stream)) ?? `'${op.op}' can lose rows to more events`;
  if (typeof after === 'string') throw new Shrinks(after);
  return after;
}

const rulesFor = (stream: StreamPlan): GrowthRules => ({
  of: growthOf,
  named,
  staysTrue: (cond, columns) => conjuncts(cond).every((part) => staysTrue(part, columns)),
  pipeline: (plan) => follow(plan, stream),
});

const named = (list: readonly NamedExpr[], columns: Growths): Growths =>
  new Map(
    list.map(({ name, expr }) => [
      name,
      expr.k === 'col' ? (columns.get(expr.name) ?? 'changing') : growthOf([expr], columns),
    ]),
  );

function growthOf(exprs: readonly Expr[], columns: Growths): Growth {
  if (!exprs.every(isDecidedOnArrival)) return 'changing';
  const read = readByAll(exprs);
  if (read === 'all') return 'changing';
  return [...read].every((name) => columns.get(name) === 'fixed') ? 'fixed' : 'changing';
}

/** A predicate on fixed columns, or `growing > constant`. */
function staysTrue(cond: Expr, columns: Growths): boolean {
  if (growthOf([cond], columns) === 'fixed') return true;
  if (cond.k !== 'call') return false;
  const [left, right] = cond.args;
  if (!left || !right) return false;
  const grows = (expr: Expr): boolean => expr.k === 'col' && columns.get(expr.name) === 'growing';
  const isConstant = (expr: Expr): boolean => expr.k === 'lit';
  if (cond.fn === '>' || cond.fn === '>=') return grows(left) && isConstant(right);
  if (cond.fn === '<' || cond.fn === '<=') return isConstant(left) && grows(right);
  return false;
}
