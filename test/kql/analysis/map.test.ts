import { type Expr, mapOp, type Op, type Pipeline, partsOfOp } from '../../../src/kql';

const lit = (v: number): Expr => ({ k: 'lit', t: 'long', v });
const plan = (name: string): Pipeline => ({ source: { kind: 'table', name, columns: [] }, ops: [] });

describe('the parts of an operator', () => {
  const node = {
    op: 'made-up',
    first: lit(1),
    k: 3,
    lists: [{ deep: [lit(2), { plan: plan('A') }] }, 'text', null],
    none: undefined,
    side: plan('B'),
    stage: 4,
  } as unknown as Op;

  it('are found by their form, in the order of its node', () => {
    const { exprs, plans } = partsOfOp(node);
    expect(exprs).toEqual([lit(1), lit(2)]);
    expect(plans).toEqual([plan('A'), plan('B')]);
  });

  it('are replaced at their places, and nothing else changes', () => {
    const mapped = mapOp(
      node,
      (expr) => ({ k: 'call', fn: 'f', args: [expr] }),
      () => plan('C'),
    );
    const f = (v: number): Expr => ({ k: 'call', fn: 'f', args: [lit(v)] });
    expect(JSON.stringify(mapped)).toBe(
      JSON.stringify({
        op: 'made-up',
        first: f(1),
        k: 3,
        lists: [{ deep: [f(2), { plan: plan('C') }] }, 'text', null],
        side: plan('C'),
        stage: 4,
      }),
    );
    expect(partsOfOp(node).exprs).toEqual([lit(1), lit(2)]);
  });

  it('are those of the operator, not of what stands in them', () => {
    const inner: Expr = { k: 'toscalar', plan: { ...plan('A'), ops: [{ op: 'where', cond: lit(1) }] } };
    const cond: Expr = { k: 'call', fn: '>', args: [inner, { k: 'lit', t: 'dynamic', v: [{ k: 'now' }] as never }] };
    expect(partsOfOp({ op: 'where', cond })).toEqual({ exprs: [cond], plans: [] });
  });
});
