import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRule } from '../../../src/rules/read';
import { bundlePrograms } from '../../support/bundle';

const ROOT = join(__dirname, '../../..');

/** Beside published rules: what asks the runtime for types and lists in other ways. */
const QUERIES = [
  'Event | where EvntID == 1 | summarise count() by Computer',
  'Event | invoke Mine("b")',
  'union withsource=t isfuzzy=true Sec*, NoSuchTable, (Event | take 1) | summarize dcount(Computer) by t',
  'let f = (a:long, b:string = "x") { print a, b }; f(1) | union f(b="y", a=2)',
  'let V = view () { print x = 1 }; union V*',
  'Event | join kind=leftouter (SecurityEvent | project Computer, Account) on $left.Computer == $right.Computer',
  'Event | parse EventData with * "Image\\">" Image:string "<" * | extend d = parse_json(Image) | mv-expand d.a to typeof(string)',
  'Event | evaluate bag_unpack(todynamic(EventData)) : (*, a:string)',
  'SecurityEvent | summarize arg_max(TimeGenerated, *), make_set(Account) by Computer | project-away Account1',
  'Event | make-series count() default=0 on TimeGenerated from ago(1d) to now() step 1h by Computer | extend series_fit_line(count_)',
  'Event | scan declare (n:long = 0) with (step s: true => n = s.n + 1;)',
  'search in (Event, SecurityEvent) "x" | where Computer has "a" | count',
  'Event | where Computer in~ (datatable(c:string)["a", "b"]) and EventID between (1 .. 5)',
  'Event | extend a = case(EventID == 1, "x", EventID == 2, "y", "z"), b = iff(1 == "1", 2, 3)',
  'Event | where strlen(Computer) > "a" | project NoColumn',
  '.show tables',
  'Event | where (((',
];

it('the quicker runtime of the parser says the same of every query', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outrider-quick-'));
  const bundled = bundlePrograms('test/compiler/kusto', ['quick-bridge.program.ts']);
  try {
    const folders = [join(ROOT, 'rules'), join(ROOT, '../shared/rules/sentinel')].filter((path) => existsSync(path));
    const rules = folders.flatMap((path) =>
      readdirSync(path)
        .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
        .flatMap((name) => readRule(readFileSync(join(path, name), 'utf8'), name).query ?? []),
    );
    const input = join(folder, 'input.json');
    writeFileSync(input, JSON.stringify({ tables: join(ROOT, 'tables'), queries: [...QUERIES, ...rules] }));
    const program = join(bundled.directory, 'quick-bridge.program.js');
    const { stdout, stderr } = spawnSync(process.execPath, [program, input], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const { compiled, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ replaced: 6, of: 6, different: [] });
    expect(compiled).toBeGreaterThan(QUERIES.length);
  } finally {
    bundled.remove();
    rmSync(folder, { recursive: true });
  }
}, 180_000);
