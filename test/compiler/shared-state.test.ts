import { createCompiler } from '../../src/compiler/compile';
import { INGESTION_COLUMN } from '../../src/kql';

/** What is found in one part of a query holds for all of it, also where expressions are translated in a way of their own. */
describe('ingestion_time()', () => {
  const compiler = createCompiler([
    {
      name: 'Event',
      columns: [
        { name: 'C', type: 'string' },
        { name: 'TimeGenerated', type: 'datetime' },
      ],
    },
  ]);

  it.each([
    [
      'beside an aggregate',
      'Event | summarize x = count() - toscalar(Event | where ingestion_time() > ago(1h) | count)',
    ],
    ['in an aggregate of an expression', 'Event | summarize x = 1 + countif(ingestion_time() > ago(1h))'],
    [
      'in a step of a scan',
      'Event | sort by TimeGenerated asc | scan with (step s: ingestion_time() > ago(1h); step e: C != s.C;)',
    ],
    ['in a subquery for each partition', 'Event | partition by C ( where ingestion_time() > ago(1h) )'],
    [
      'in a query of its own for each partition',
      'Event | partition by C { Event | where C == toscalar(C) | where ingestion_time() > ago(1h) }',
    ],
    ['in the order of top-nested', 'Event | top-nested 2 of C by countif(ingestion_time() > ago(1h))'],
  ])('stands %s', (_, text) => {
    const { plan, diagnostics } = compiler.compile(text);
    expect(diagnostics).toEqual([]);
    expect(JSON.stringify(plan)).toContain(`{"name":"${INGESTION_COLUMN}","type":"datetime"}`);
  });

  it('gives hidden columns names that no other has', () => {
    const text = 'Event | summarize a = 1 + count(), b = toscalar(Event | summarize 1 + count()) + count()';
    const names = [...JSON.stringify(compiler.compile(text).plan).matchAll(/"names":\["(\$\d+)"\]/g)].map(
      ([, name]) => name,
    );
    expect(new Set(names).size).toBe(3);
  });
});
