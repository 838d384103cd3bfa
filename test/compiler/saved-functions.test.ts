import { createCompiler } from '../../src/compiler/compile';
import type { Row } from '../../src/kql';
import { runQuery } from '../support/kql';

const tables = [
  {
    name: 'Event',
    columns: [
      { name: 'TimeGenerated', type: 'datetime' as const },
      { name: 'EventData', type: 'string' as const },
    ],
  },
];
const withFunctions = (bodies: Record<string, [parameters: string, body: string]>) =>
  createCompiler(
    tables,
    Object.entries(bodies).map(([name, [parameters, body]]) => ({ name, parameters, body: `{ ${body} }` })),
  );
const scan = (): Row[] => [
  [638_000_000_000_000_000n, 'run cmd'],
  [638_000_000_000_000_000n, 'run whoami'],
];

describe('saved functions', () => {
  const compiler = withFunctions({
    vimEmpty: ['()', 'let T = datatable(TimeGenerated:datetime, Line:string)[]; T'],
    vimSysmon: [
      '(starttime:datetime=datetime(null), has_any_of:dynamic=dynamic([]), disabled:bool=False)',
      `let parser = (starttime:datetime, words:dynamic) {
         Event
         | where isnull(starttime) or TimeGenerated >= starttime
         | where array_length(words) == 0 or EventData has_any (words)
         | project TimeGenerated, Line = EventData };
       parser(starttime, has_any_of) | where not(disabled)`,
    ],
    imProcess: [
      '(has_any_of:dynamic=dynamic([]))',
      'union isfuzzy=true vimEmpty, vimSysmon(has_any_of=has_any_of), vimOther(starttime=now()), (NotHere | where a == 1)',
    ],
    strict: ['()', 'union vimEmpty, vimOther()'],
    reads: ['()', 'NotHere | count'],
  });

  it('nest, with named parameters and defaults', () => {
    expect(runQuery(compiler, 'imProcess | project Line', { scan }).rows).toEqual([['run cmd'], ['run whoami']]);
    expect(runQuery(compiler, 'imProcess(dynamic(["WHOAMI"])) | project Line', { scan }).rows).toEqual([
      ['run whoami'],
    ]);
  });

  it('go without the legs of a fuzzy union that are not there, and say so', () => {
    const { diagnostics } = compiler.compile('imProcess');
    expect(diagnostics.map(({ code, severity, message }) => [code, severity, message])).toEqual([
      ['missing-leg', 'warning', "'vimOther' is not known: the union goes without it"],
      ['missing-leg', 'warning', "'NotHere' is not known: the union goes without it"],
    ]);
  });

  it('are refused when they need what is not there', () => {
    const message = (text: string): string =>
      compiler
        .compile(text)
        .diagnostics.map((d) => d.message)
        .join('\n');
    expect(message('strict')).toContain("'vimOther' is not known: put a saved function");
    expect(message('reads')).toContain("'NotHere' is not known");
  });
});
