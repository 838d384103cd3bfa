import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { FULL, inTurn, QUICK, timed } from '../frame/clock';
import type { Measure, Result } from '../frame/measure';
import { runNode } from '../frame/process';
import { summaryOf } from '../frame/statistics';
import type { RuleText } from '../inputs/made-rules';
import { manyRules, openCompiler, planOf } from '../inputs/plans';

const COMMAND = join('dist', 'cli', 'outrider.js');

async function inOneProcess(
  texts: readonly RuleText[],
  sources: Record<string, string>,
  isQuick: boolean,
): Promise<Result[]> {
  const compiler = openCompiler();
  // The parser starts with the first query.
  const start = await timed(() => compiler.compile('Event | take 1'));
  const times: number[] = [];
  const walls: number[] = [];
  let compiled = 0;
  for (const rule of texts) {
    const time = await timed(() => {
      if (planOf(compiler, rule)) compiled++;
    });
    times.push(time.cpu);
    walls.push(time.wall);
  }
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const every = await inTurn(isQuick ? QUICK : { ...FULL, atMost: 3 }, {
    union: () => {
      const { diagnostics, plan } = compiler.compile(
        'union * | where TimeGenerated > ago(1h) | summarize count() by Type',
      );
      if (!plan) throw new Error(diagnostics[0]?.message);
    },
  });
  return [
    {
      name: 'compile',
      title: 'compile a rule once the parser has started, mean of all',
      unit: 'ms',
      wall: summaryOf([mean(walls)]),
      cpu: summaryOf([mean(times)]),
      floor: { of: 'cpu', atMost: 30 },
      sizes: {
        rules: texts.length,
        'that compile': compiled,
        'slowest, ms CPU': Math.round(Math.max(...times)),
        'start of the parser, ms CPU': Math.round(start.cpu),
        ...sources,
      },
    },
    {
      name: 'compile/union',
      title: 'compile a query over `union *`',
      unit: 'ms',
      wall: summaryOf(every.map(({ union }) => union.wall)),
      cpu: summaryOf(every.map(({ union }) => union.cpu)),
      floor: { of: 'cpu', atMost: 1000 },
      sizes: {},
    },
  ];
}

/** `outrider check` from start to end: a first time, and again with nothing changed. */
async function asCommand(texts: readonly RuleText[], sources: Record<string, string>): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'outrider-bench-check-'));
  try {
    const rules = join(folder, 'rules');
    mkdirSync(rules);
    const lists = join(folder, 'lists');
    texts.forEach(({ file, text }, i) => {
      writeFileSync(join(rules, `${i}-${basename(file)}`), text);
    });
    // What a run keeps for the next is in the folder that it is started in, or below the user's: neither may be anyone's own.
    const env = { XDG_CACHE_HOME: join(folder, 'cache'), HOME: folder };
    const check = () => runNode([COMMAND, 'check', rules, '--hunting', '--offline', '--cache', lists, '--json'], env);
    const first = await check();
    const again = await check();
    if (first.stdout !== again.stdout) throw new Error('outrider check said something else the second time');
    const lines = first.stdout.split('\n').filter(Boolean).length;
    if (lines < texts.length)
      throw new Error(`outrider check said ${lines} lines of ${texts.length} rules: ${first.stderr}`);
    return [first, again].map((run, i) => ({
      name: i === 0 ? 'check' : 'check/again',
      title: i === 0 ? 'outrider check, whole process' : 'outrider check again, nothing changed',
      unit: 's',
      wall: summaryOf([run.wall / 1000]),
      cpu: summaryOf([run.cpu / 1000]),
      sizes: { rules: texts.length, 'ms CPU a rule': run.cpu / texts.length, ...sources },
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What rules cost before they run. */
export const COMPILE: readonly Measure[] = [
  {
    name: 'compile',
    title: 'compile rules, and a query over `union *`',
    async run({ isQuick, progress }) {
      const { texts, name } = await manyRules();
      progress(`compiling ${texts.length} rules one by one`);
      return inOneProcess(isQuick ? texts.slice(0, 5) : texts, { 'rules from': name }, isQuick);
    },
  },
  {
    name: 'check',
    title: 'outrider check, whole process, and again',
    async run({ isQuick, progress }) {
      const { texts, name } = await manyRules();
      progress(`outrider check over ${texts.length} rules, twice`);
      return asCommand(isQuick ? texts.slice(0, 5) : texts, { 'rules from': name });
    },
  },
];
