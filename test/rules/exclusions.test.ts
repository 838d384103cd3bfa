import { createRuntime, jsonRows, preparePipeline, visible } from '../../src/kql';
import { DEFAULT_SETTINGS } from '../../src/plan/rule-settings';
import { compileRule } from '../../src/rules/compile';
import { readRule } from '../../src/rules/read';
import { testCompiler } from '../support/kql';

jest.setTimeout(60_000);

const compiler = testCompiler([]);

/** Compiles a rule over three rows, one of them with a null, with one exclusion. */
function compile(predicate: string, end = '') {
  const query = `datatable(Name:string, Score:long)['a', 1, 'b', 9, 'c', long(null)]${end}`;
  const rule = readRule(
    `id: 11111111-2222-4333-8444-555555555555\nname: r\nkind: NRT\nseverity: Low\nquery: ${JSON.stringify(query)}\n`,
    'r.yaml',
  );
  const settings = { ...DEFAULT_SETTINGS, exclusions: [{ predicate, line: 3, column: 7 }] };
  return compileRule(compiler, rule, settings, 'settings.yaml');
}

function names(predicate: string, end?: string): unknown[] {
  const { query, problems } = compile(predicate, end);
  if (!query) throw new Error(problems.map(({ message }) => message).join('\n'));
  const { schema, rows } = visible(preparePipeline(query).run(createRuntime({ now: 0n })));
  return jsonRows(schema, rows).map(([name]) => name);
}

describe('exclusions', () => {
  it('take rows of the result away', () => {
    expect(names("Name == 'a'")).toEqual(['b', 'c']);
    expect(names("Name == 'a' or Score > 5")).toEqual(['c']);
  });

  it('take none away where they cannot tell', () => {
    expect(names('Score > 5')).toEqual(['a', 'c']);
  });

  it.each([';', ';\n', '; // the end\n// of it', '\n// no end'])('stand behind a query that ends in %j', (end) => {
    expect(names("Name == 'a'", end)).toEqual(['b', 'c']);
  });

  it('that do not compile are named at their place', () => {
    expect(compile('Scor > 5').problems).toEqual([
      expect.objectContaining({ severity: 'error', file: 'settings.yaml', line: 3, column: 7 }),
    ]);
    expect(compile('Score > 5').problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(compile('Name').problems[0]!.message).toMatch(/^Exclusion 'Name': /);
  });
});
