import { createGraph, createRuntime, type Expr, KqlError, meter, ROW_STAGE_LIMITS } from '../../src/kql';

const SCHEMA = [
  { name: 'Text', type: 'string' },
  { name: 'Number', type: 'long' },
] as const;
const runtime = createRuntime({ now: 0n });
const text = (v: string): Expr => ({ k: 'lit', t: 'string', v });
const long = (v: number): Expr => ({ k: 'lit', t: 'long', v });
const column = (name: string): Expr => ({ k: 'col', name });
const call = (fn: string, ...args: Expr[]): Expr => ({ k: 'call', fn, args });

function graphOf(value: string) {
  let reads = 0;
  const read = () => {
    reads++;
    return value;
  };
  return { graph: createGraph(SCHEMA, [read, () => 1]), reads: () => reads };
}

afterEach(() => meter.open());

describe('expressions of many queries as one graph', () => {
  it('equal ones are one cell, whatever the columns are called where they stand', () => {
    const { graph } = graphOf('a');
    const renamed = new Map([['Other', graph.columns.get('Text')!]]);
    const upper = graph.expr(call('toupper', column('Text')), graph.columns);
    expect(graph.expr(call('toupper', { ...column('Other'), at: 7 } as Expr), renamed).id).toBe(upper.id);
    expect(graph.expr(call('tolower', column('Text')), graph.columns).id).not.toBe(upper.id);
    expect(graph.expr(text('1'), graph.columns).id).not.toBe(graph.expr(long(1), graph.columns).id);
  });

  it('a column is read once a row, when it is first asked for, and again for the next row', () => {
    const { graph, reads } = graphOf('a');
    const upper = graph.evalOf(graph.expr(call('toupper', column('Text')), graph.columns));
    const length = graph.evalOf(graph.expr(call('strlen', column('Text')), graph.columns));
    meter.refill();
    const row = graph.begin();
    expect(reads()).toBe(0);
    expect([upper(row, runtime), length(row, runtime), reads()]).toEqual(['A', 1, 1]);
    expect([upper(graph.begin(), runtime), reads()]).toEqual(['A', 2]);
  });

  it('charges what an evaluation cost to everyone who reads it', () => {
    const { graph } = graphOf('x'.repeat(1024));
    const long1 = call('strrep', column('Text'), long(1024));
    const cell = graph.expr(long1, graph.columns);
    const whole = call('strlen', call('strcat', ...Array.from({ length: 9 }, () => long1)));
    for (let i = 0; i < 3; i++) graph.use(cell);
    const one = graph.evalOf(cell);
    const row = graph.begin();
    for (let reader = 0; reader < 3; reader++) {
      meter.refill();
      one(row, runtime);
      expect(ROW_STAGE_LIMITS.text - meter.text).toBe(1024 * 1024);
    }
    // Nine of a mebi each and the text of nine: beyond the limit, although the first of them was there already.
    meter.refill();
    expect(() => graph.evalOf(graph.expr(whole, graph.columns))(row, runtime)).toThrow(KqlError);
  });

  it('an evaluation that fails, fails whoever asks', () => {
    const { graph } = graphOf('a');
    const check = graph.expr(call('assert', call('==', column('Number'), long(2)), text('no')), graph.columns);
    graph.use(check);
    graph.use(check);
    const evaluate = graph.evalOf(check);
    const row = graph.begin();
    for (let reader = 0; reader < 2; reader++) expect(() => evaluate(row, runtime)).toThrow('assertion failed: no');
  });
});
