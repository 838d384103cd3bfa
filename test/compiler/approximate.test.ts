import { createCompiler } from '../../src/compiler/compile';
import { findFunction, functionNames } from '../../src/kql';

/** Functions of which Kusto's results are documented and the algorithm is not. */
describe('approximate functions', () => {
  const compiler = createCompiler([]);
  const CALLS: readonly string[] = [
    'series_outliers(s)',
    'series_decompose_anomalies(s)',
    'series_periods_detect(s, 4.0, 8.0, 2)',
    'series_periods_validate(s, 4.0)',
    'series_decompose(s)',
    'series_decompose(s, -1)',
    'series_decompose_forecast(s, 2)',
    'series_seasonal(s)',
    'hash_combine(1, 2)',
    'hash_many("a", "b")',
  ];
  const query = (call: string): string => `print s = dynamic([1, 2, 3, 1, 2, 3, 1, 2, 3]) | extend x = ${call}`;

  it.each(CALLS)('%s is refused, with what to do', (call) => {
    const text = query(call);
    const { plan, diagnostics } = compiler.compile(text);
    expect(plan).toBeUndefined();
    expect(diagnostics).toEqual([
      expect.objectContaining({ code: 'approximate', severity: 'error', start: text.indexOf(call) }),
    ]);
    expect(diagnostics[0]!.message).toContain("'approximate: true' in rules/settings.yaml");
  });

  it.each(CALLS)('%s is taken, with a warning, where the rule is said to', (call) => {
    const { plan, diagnostics } = compiler.compile(query(call), { approximate: true });
    expect(plan).toBeDefined();
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['approximate', 'warning']]);
  });

  it.each([
    'series_decompose(s, 3)',
    'series_decompose(s, 0)',
    'series_decompose_forecast(s, 2, 3)',
    'series_seasonal(s, 3)',
    'hash("a")',
  ])('%s does without what is not published', (call) => {
    expect(compiler.compile(query(call))).toMatchObject({ plan: expect.anything(), diagnostics: [] });
  });

  it('are marked where they are defined', () => {
    const marked = functionNames().filter((name) => findFunction(name)?.approximate !== undefined);
    expect(marked.sort()).toEqual([...new Set(CALLS.map((call) => call.slice(0, call.indexOf('('))))].sort());
  });
});
