import { findAggregate } from '../kql/aggregates/registry';
import { readByAll } from '../kql/analysis/references';
import type { Expr, NamedExpr, Op, Pipeline, Source } from '../kql/ir';
import { conjuncts, isDecidedOnArrival } from './row-stage';
import type { StreamPlan } from './stream-plan';

/**
 * What later events can do to a value in a result row: `fixed`: nothing; `growing`: only make it larger; `changing`: anything.
 */
type Growth = 'fixed' | 'growing' | 'changing';
type Columns = ReadonlyMap<string, Growth>;

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

class Shrinks extends Error {}

function follow(plan: Pipeline, stream: StreamPlan): Columns {
  let columns = sourceColumns(plan.source, stream);
  for (const op of plan.ops) columns = step(op, columns, stream);
  return columns;
}

function sourceColumns(source: Source, stream: StreamPlan): Columns {
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

function step(op: Op, columns: Columns, stream: StreamPlan): Columns {
  switch (op.op) {
    case 'where':
      for (const cond of conjuncts(op.cond)) {
        if (!staysTrue(cond, columns)) throw new Shrinks('it filters on what more events can change');
      }
      return columns;
    case 'extend':
      return new Map([...columns, ...named(op.columns, columns)]);
    case 'project':
      return named(op.columns, columns);
    case 'parse':
    case 'mv-expand':
      if (growthOf(op.op === 'parse' ? [op.input] : op.columns.map((column) => column.expr), columns) !== 'fixed') {
        throw new Shrinks(`'${op.op}' works on what more events can change`);
      }
      return new Map([...columns, ...definedBy(op).map((name): [string, Growth] => [name, 'fixed'])]);
    case 'project-away':
    case 'project-keep':
    case 'project-by-names':
    case 'project-reorder':
    case 'sort':
    case 'drop':
      return columns;
    case 'project-rename':
      return new Map(
        [...columns].map(([name, growth]) => [op.renames.find(({ from }) => from === name)?.to ?? name, growth]),
      );
    case 'join': {
      if (op.kind !== 'inner' && op.kind !== 'leftsemi')
        throw new Shrinks(`a join of kind ${op.kind} can lose rows to more events`);
      const right = follow(op.right, stream);
      const isFixed = op.on.every(
        (pair) => growthOf([pair.left], columns) === 'fixed' && growthOf([pair.right], right) === 'fixed',
      );
      if (!isFixed) throw new Shrinks('it joins on what more events can change');
      return new Map([
        ...[...right].map(([name, growth]): [string, Growth] => [columns.has(name) ? `${name}1` : name, growth]),
        ...columns,
      ]);
    }
    default:
      throw new Shrinks(`'${op.op}' can lose rows to more events`);
  }
}

const definedBy = (op: Extract<Op, { op: 'parse' | 'mv-expand' }>): string[] =>
  op.op === 'parse'
    ? op.parts.flatMap((part) => (part.kind === 'column' ? [part.name] : []))
    : op.columns.map(({ name }) => name);

const named = (list: readonly NamedExpr[], columns: Columns): Map<string, Growth> =>
  new Map(
    list.map(({ name, expr }) => [
      name,
      expr.k === 'col' ? (columns.get(expr.name) ?? 'changing') : growthOf([expr], columns),
    ]),
  );

function growthOf(exprs: readonly Expr[], columns: Columns): Growth {
  if (!exprs.every(isDecidedOnArrival)) return 'changing';
  const read = readByAll(exprs);
  if (read === 'all') return 'changing';
  return [...read].every((name) => columns.get(name) === 'fixed') ? 'fixed' : 'changing';
}

/** A predicate on fixed columns, or `growing > constant`. */
function staysTrue(cond: Expr, columns: Columns): boolean {
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
