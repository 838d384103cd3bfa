import { createCompiler } from '../../src/compiler/compile';
import { normalizeUnions } from '../../src/kql';
import { splitPlan } from '../../src/streaming/split';

const HOUR = 3_600_000;
const compiler = createCompiler([
  {
    name: 'T',
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'a', type: 'string' },
      { name: 'b', type: 'string' },
    ],
  },
  {
    name: 'U',
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'id', type: 'string' },
    ],
  },
]);

/** The filters that run when a row of T arrives, as JSON. */
function early(query: string): string {
  const { plan } = compiler.compile(query);
  const { legs } = splitPlan(normalizeUnions(plan!), { frequencyMs: HOUR, periodMs: HOUR, timeBasis: 'event' });
  const [branch] = legs.flatMap((leg) => leg.branches).filter(({ table }) => table === 'T');
  return JSON.stringify(branch!.ops.filter(({ op }) => op === 'where'));
}

describe('a filter that other rows have a say in', () => {
  const list = 'let ids = U | distinct id; T';

  it('keeps the rows only that it can hold for', () => {
    const both = early(`${list} | where a in (ids) and b has "x" or a has "y"`);
    expect(both).toContain('"x"');
    expect(both).toContain('"y"');
    expect(both).toContain('"fn":"or"');
    expect(both).not.toContain('intable');
  });

  it('keeps them all where any may do', () => {
    expect(early(`${list} | where a in (ids) or b has "x"`)).toBe('[]');
    expect(early(`${list} | where not(a in (ids) and b has "x")`)).toBe('[]');
  });

  it('takes no part that reads a column which is still to come', () => {
    const found = early(`${list} | extend c = now() | where (c > datetime(2020-01-01) and a == "p") or b == "q"`);
    expect(found).toContain('"p"');
    expect(found).toContain('"q"');
    expect(found).not.toContain('2020');
  });
});

describe('a union with a leg that only gives the columns', () => {
  it('groups on arrival all the same', () => {
    const query =
      'union (datatable(TimeGenerated:datetime, a:string, c:string)[] | where a == "x"), T | summarize count() by a';
    const { plan } = compiler.compile(query);
    const { legs } = splitPlan(normalizeUnions(plan!), { frequencyMs: HOUR, periodMs: HOUR, timeBasis: 'event' });
    expect(
      legs.map(({ group, branches }) => [group?.by.map(({ name }) => name), branches.map(({ table }) => table)]),
    ).toEqual([[['a'], ['T']]]);
  });
});
