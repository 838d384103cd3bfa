import { join } from 'node:path';
import { type Compiler, createCompiler } from '../../../src/compiler/compile';
import { type RulePage, rulePages } from '../../../src/explain/page/page';
import { DEFAULT_SETTINGS } from '../../../src/plan/rule-settings';
import { compileRule } from '../../../src/rules/compile';
import { readRule } from '../../../src/rules/read';
import { loadWorkspace, type WorkspaceRule } from '../../../src/rules/workspace';
import { loadTables } from '../../../src/tables';

const root = join(__dirname, '../../..');
let compiler: Compiler | undefined;

const GUID = '00000000-0000-4000-8000-00000000000';
const HEAD = `name: A rule
description: x
severity: Low
requiredDataConnectors: []
triggerOperator: gt
triggerThreshold: 0
tactics: [Execution]
relevantTechniques: [T1059]
version: 1.0.0
kind: Scheduled
`;

/** A rule of a query, over the tables that come with the project. Throws where it does not compile. */
export function ruleOf(query: string, { id = 1, frequency = '1h', period = '1h' } = {}): WorkspaceRule {
  compiler ??= createCompiler([...loadTables(join(root, 'tables')).values()]);
  const body = query.trim().split('\n').join('\n  ');
  const text = `id: ${GUID}${id}\n${HEAD}queryFrequency: ${frequency}\nqueryPeriod: ${period}\nquery: |\n  ${body}\n`;
  const file = readRule(text, 'rule.yaml');
  const compiled = compileRule(compiler, file, DEFAULT_SETTINGS, 'settings.yaml');
  const problems = [...file.problems, ...compiled.problems];
  if (!compiled.plan) throw new Error(problems.map(({ message }) => message).join('\n'));
  return { ...compiled, file, problems };
}

export const pageOf = (query: string, options?: Parameters<typeof ruleOf>[1]): RulePage =>
  rulePages([ruleOf(query, options)], [])[0]!;

/** The rules of the repository. */
export const repositoryRules = () => loadWorkspace({ rules: [join(root, 'rules')], tables: [join(root, 'tables')] });

export const codes = ({ dependsOn }: RulePage): string[] => dependsOn.map(({ code }) => code);
