import { foldConstants, type Op, type Pipeline } from '../../../src/kql';
import { compiledPlan } from '../../support/stream';

const fold = (query: string): Pipeline => foldConstants(compiledPlan(query));
const conditions = (query: string): unknown[] =>
  fold(query).ops.map((op) =>
    op.op === 'where' ? JSON.stringify(op.cond, (key, v) => (key === 'at' ? undefined : v)) : op.op,
  );
const TRUE = '{"k":"lit","t":"bool","v":true}';
const rest = (text: string) =>
  compiledPlan(text).ops.map((op) =>
    JSON.stringify((op as Extract<Op, { op: 'where' }>).cond, (key, v) => (key === 'at' ? undefined : v)),
  );

describe('constants', () => {
  it('that decide a part of a filter take it away', () => {
    const query = `let words = dynamic([]); let start = datetime(null); let off = false;
      Event | where (array_length(words) == 0 or Computer has_any (words)) and (isnull(start) or TimeGenerated >= start) and not(off) and EventID == 1`;
    expect(conditions(query)).toEqual(rest('Event | where EventID == 1'));
  });

  it('leave a filter that they make true', () => {
    expect(conditions('Event | where 1 == 1 or EventID == 1')).toEqual([TRUE]);
  });

  it('are kept where null is among them: it decides nothing', () => {
    const query = 'Event | where bool(null) and EventID == 1';
    expect(conditions(query)).toEqual(rest(query));
  });

  it('are found in lists of the build', () => {
    const query = `let off = datatable(Name:string)['a', 'b'] | where Name != 'b' | distinct Name;
      Event | where not('a' in (off)) or EventID == 1`;
    expect(conditions(query)).toEqual(rest('Event | where EventID == 1'));
    expect(
      conditions('let n = toscalar(datatable(x:long)[1, 2] | summarize sum(x)); Event | where EventID == n'),
    ).toEqual(rest('Event | where EventID == 3'));
  });

  it('do not come from the stream or the clock', () => {
    for (const condition of [
      "'a' in ((Event | project Computer))",
      'now() > datetime(2020-01-01)',
      'toscalar(print now()) > datetime(2020-01-01)',
    ]) {
      const query = `Event | where ${condition}`;
      expect(JSON.stringify(fold(query))).toEqual(JSON.stringify(compiledPlan(query)));
    }
  });

  it('that let nothing through leave no table', () => {
    const { source, ops } = fold('Event | extend a = EventID | where 1 == 2 | project a, Computer');
    expect(source).toMatchObject({ kind: 'rows', rows: [] });
    expect(ops.map(({ op }) => op)).toEqual(['project']);
  });

  it('make rows of a query on the other side of a lookup', () => {
    const [op] = fold(
      "Event | lookup (datatable(Computer:string, n:long)['a', 1, 'b', 2] | where n > 1 | extend m = n * 2) on Computer",
    ).ops;
    expect(op).toMatchObject({ right: { source: { kind: 'rows', rows: [['b', 2, 4]] }, ops: [] } });
  });

  it('that fail are left for the run to say', () => {
    const query = 'Event | where EventID == toscalar(range x from 1 to 10000000 step 1 | count)';
    expect(() => fold(query)).not.toThrow();
  });
});
