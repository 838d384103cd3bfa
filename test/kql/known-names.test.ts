import { checkNames } from '../../src/kql';
import { testCompiler } from '../support/kql';

const compiler = testCompiler([
  {
    name: 'Event',
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'Text', type: 'string' },
    ],
  },
]);
const QUERY = `let known = Event | where Text has "fn" | project Text;
  Event
  | where Text in (known) and strlen(Text) > toscalar(known | summarize dcount(Text))
  | extend Data = dynamic({"op":"no such operator","fn":"no such function","k":"call"})
  | sort by TimeGenerated asc | extend Before = prev(Text)
  | join kind=inner (Event | summarize take_any(Text) by TimeGenerated) on TimeGenerated
  | make-series Series = count() on TimeGenerated step 1h`;
const plan = compiler.compile(QUERY).plan!;
const changed = (from: string, to: string) => JSON.parse(JSON.stringify(plan).replaceAll(from, to)) as typeof plan;

describe('names that a plan has', () => {
  it('are known where this version made the plan, whatever its data say', () => {
    expect(() => checkNames(plan)).not.toThrow();
  });

  it.each([
    ['an operator', '"op":"sort"', '"op":"sort_2"'],
    ['an operator of a query in an expression', '"op":"project"', '"op":"project_2"'],
    ['a function', '"fn":"strlen"', '"fn":"strlen_2"'],
    ['an operator of an expression', '"fn":">"', '"fn":">>>"'],
    ['an operator over a table', '"fn":"in"', '"fn":"in_2"'],
    ['an aggregate', '"fn":"dcount"', '"fn":"dcount_2"'],
    ['an aggregate of the other side of a join', '"fn":"take_any"', '"fn":"take_any_2"'],
    ['an aggregate of a series', '"fn":"count"', '"fn":"count_2"'],
    ['a window function', '"fn":"prev"', '"fn":"prev_2"'],
  ])('are not where %s is of another version', (_, from, to) => {
    expect(JSON.stringify(plan)).toContain(from);
    expect(() => checkNames(changed(from, to))).toThrow(to.match(/:"([^"]*)"/)![1]!);
  });
});
