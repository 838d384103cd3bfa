import { preparePipeline } from '../bind';
import type { Expr, NamedExpr, Op, Pipeline, Union } from '../ir';
import { factsOf } from '../operators/registry';
import { outputNames } from '../operators/union';
import { encodeValue } from '../values/codec';
import { type Column, nullOf, type Schema } from '../values/types';
import { mapOp } from './map';

/**
 * The plan with every piped union (`T | … | union B`) written as a union of legs, whose first leg is what was piped into it.
 */
export function normalizeUnions(plan: Pipeline): Pipeline {
  let source = plan.source;
  if (source.kind === 'union') source = { kind: 'union', union: legsNormalized(source.union) };
  let ops: Op[] = [];
  for (const op of plan.ops) {
    if (op.op === 'union') {
      const union = legsNormalized(op.union);
      const fuzzy = union.fuzzyFrom === undefined ? {} : { fuzzyFrom: union.fuzzyFrom + 1 };
      source = { kind: 'union', union: { ...union, ...fuzzy, legs: [{ source, ops }, ...union.legs] } };
      ops = [];
      // What stands in other operators is written so when they are taken apart for the stream.
    } else ops.push(factsOf(op).inner === 'right side' ? mapOp(op, (expr) => expr, normalizeUnions) : op);
  }
  return { source, ops };
}

const legsNormalized = (union: Union): Union => ({ ...union, legs: union.legs.map(normalizeUnions) });

/**
 * The legs of a union, each ending with a projection onto the union's output columns, so that what follows the union can follow each leg.
 * Legs without any row are left out: parsers have one that only gives the columns. undefined where a leg's columns depend on its data.
 */
export function alignedLegs(union: Union): Pipeline[] | undefined {
  const output = preparePipeline({ source: { kind: 'union', union }, ops: [] }).schema;
  const schemas = union.legs.map((leg) => preparePipeline(leg).schema).filter((schema) => schema !== undefined);
  if (!output || schemas.length < union.legs.length) return undefined;
  const outputName = outputNames(schemas);
  const aligned = union.legs.map((leg, i) => {
    const text = union.withSource === undefined ? undefined : (union.sourceNames?.[i] ?? `union_arg${i}`);
    return {
      source: leg.source,
      ops: [...leg.ops, ...alignment(schemas[i]!, output, outputName, union.withSource, text)],
    };
  });
  const filled = aligned.filter((leg) => !isNothing(leg));
  return filled.length > 0 ? filled : aligned.slice(0, 1);
}

const isNothing = ({ source, ops }: Pipeline): boolean =>
  source.kind === 'rows' && source.rows.length === 0 && ops.every((op) => factsOf(op).mayGoEmpty);

function alignment(
  schema: Schema,
  output: Schema,
  outputName: (column: Column) => string,
  withSource: string | undefined,
  text: string | undefined,
): Op[] {
  const same =
    withSource === undefined &&
    schema.length === output.length &&
    schema.every(({ name, type }, i) => output[i]?.name === name && output[i].type === type);
  if (same) return [];
  const columns = output.map(({ name, type }): NamedExpr => {
    if (name === withSource) return { name, expr: { k: 'lit', t: 'string', v: text ?? '' } };
    const own = schema.find((column) => outputName(column) === name);
    const expr: Expr = own ? { k: 'col', name: own.name } : { k: 'lit', t: type, v: encodeValue(nullOf(type), type) };
    return { name, expr };
  });
  return [{ op: 'project', columns }];
}
