import { findAggregate } from './aggregates/registry';
import { unsupported } from './errors';
import { findFunction } from './functions/registry';
import type { Op, Pipeline } from './ir';
import { isOperator } from './operators/registry';
import { findWindow } from './window-functions/registry';

/**
 * Whether this engine knows every operator, function and aggregate that parts of a plan name: those of another version may have others. Throws
 * KqlError for the first that it does not know. Far less work than binding the plan, which can then be left until it is needed.
 */
export function checkNames(part: Pipeline | Op | readonly Op[]): void {
  visit(part);
}

function visit(part: unknown): void {
  if (typeof part !== 'object' || part === null) return;
  if (Array.isArray(part)) {
    for (const item of part) visit(item);
    return;
  }
  const node = part as Record<string, unknown>;
  // Data, not a part of the language.
  if (node.k === 'lit' || node.kind === 'rows') return;
  if (typeof node.op === 'string' && !isOperator(node.op)) throw unsupported(`no operator ${node.op}`, undefined);
  if (typeof node.fn === 'string') checkFunction(node.fn, node);
  for (const name in node) visit(node[name]);
}

function checkFunction(fn: string, { k, names }: Record<string, unknown>): void {
  const isKnown =
    k !== undefined
      ? fn === 'and' || fn === 'or' || findFunction(fn) !== undefined
      : names !== undefined
        ? findAggregate(fn) !== undefined
        : findWindow(fn) !== undefined;
  if (!isKnown) throw unsupported(`'${fn}' is not supported`, undefined);
}
