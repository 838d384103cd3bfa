import { type Pipeline, pipelinesIn, pipelinesOf, type Within } from '../kql';

/** The bounds under which a flush stage reads the state of a leg; undefined stands for the whole window. */
export function withinsOf(flush: Pipeline, leg: number): (Within | undefined)[] {
  const found: (Within | undefined)[] = [];
  visit(flush, (source) => {
    if (source.kind === 'state' && source.leg === leg) found.push(source.within);
  });
  return found;
}

function visit(plan: Pipeline, see: (source: Pipeline['source']) => void): void {
  see(plan.source);
  if (plan.source.kind === 'union') for (const member of plan.source.union.legs) visit(member, see);
  if (plan.source.kind === 'range') {
    for (const expr of [plan.source.from, plan.source.to, plan.source.step])
      for (const inner of pipelinesIn(expr)) visit(inner, see);
  }
  for (const op of plan.ops) for (const inner of pipelinesOf(op)) visit(inner, see);
}
