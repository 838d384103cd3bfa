import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Compiler, createCompiler, type ListContent } from '../../src/compiler/compile';
import type { RulePlan } from '../../src/plan/rule-plan';
import { DEFAULT_SETTINGS } from '../../src/plan/rule-settings';
import { compileRule } from '../../src/rules/compile';
import { findRules } from '../../src/rules/find';
import { readRule } from '../../src/rules/read';
import { loadTables } from '../../src/tables';
import type { RuleText } from './made-rules';
import { ownRules } from './own-rules';
import { sharedPath } from './shared';

/** Rules and where they come from, for the reader of the figures. */
export interface Rules {
  readonly name: string;
  readonly texts: readonly RuleText[];
}

const DCOM = 'rules/lateral-movement-via-dcom.yaml';

export const dcomRule = (): RuleText => ({ file: DCOM, text: readFileSync(DCOM, 'utf8') });

/** DCOM and sixteen rules more: those of Sentinel where they are there, else our own. */
export const catalogueRules = async (): Promise<Rules> => rulesOf(17, 'sentinel');

/** Many rules, of which an event matches some: all of Sentinel's that are there, else our own. */
export const manyRules = async (): Promise<Rules> => rulesOf(82, 'sentinel', 'catalogue');

async function rulesOf(count: number, ...folders: readonly string[]): Promise<Rules> {
  const paths = folders.flatMap((folder) => sharedPath('rules', folder) ?? []);
  if (paths.length < folders.length)
    return { name: 'bench/inputs/own-rules.ts', texts: [dcomRule(), ...ownRules(count - 1)] };
  const { files } = await findRules(paths, { hunting: true });
  const texts = files.map(({ file }) => ({ file, text: readFileSync(file, 'utf8') }));
  return { name: `shared/rules/{${folders.join(',')}}`, texts: [dcomRule(), ...texts] };
}

/** A compiler with all tables, and a short list for every URL that a rule reads. */
export const openCompiler = (): Compiler =>
  createCompiler([...loadTables('tables').values()], [], {
    external: (): ListContent => ({
      text: 'Process,Type,Value\nmshta.exe,sha256,0\nregsvr32.exe,sha256,1\n',
      sha256: '0'.repeat(64),
      fetchedAt: '2026-01-01T00:00:00Z',
    }),
    watchlists: new Map(),
  });

/** The plan of a rule; undefined where its query does not compile. */
export const planOf = (compiler: Compiler, { file, text }: RuleText): RulePlan | undefined =>
  compileRule(compiler, readRule(text, file, { hunting: true }), DEFAULT_SETTINGS, 'settings.yaml').plan;

/**
 * Plans of rules, in their order, without those that do not compile. Compiled once for a state of the sources: the program that runs is
 * part of the name that they are kept by.
 */
export function plansOf(texts: readonly RuleText[], progress: (text: string) => void): RulePlan[] {
  const key = createHash('sha256').update(readFileSync(process.argv[1]!));
  for (const { text } of texts) key.update(text);
  const folder = join('node_modules', '.cache', 'outrider-bench');
  const path = join(folder, `${key.digest('hex').slice(0, 32)}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as RulePlan[];
  const compiler = openCompiler();
  const plans = texts.flatMap((rule, i) => {
    if (i % 250 === 0) progress(`compiling rules, ${i} of ${texts.length}`);
    return planOf(compiler, rule) ?? [];
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.${process.pid}`, JSON.stringify(plans));
  renameSync(`${path}.${process.pid}`, path);
  return plans;
}
