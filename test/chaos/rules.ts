import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCompiler } from '../../src/compiler/compile';
import type { Pipeline } from '../../src/kql/ir';
import { compileRule } from '../../src/rules/compile';
import { readRule } from '../../src/rules/read';
import type { RulePlan } from '../../src/rules/rule-plan';
import { DEFAULT_SETTINGS } from '../../src/rules/settings';
import { loadTables } from '../../src/tables';

export interface ChaosRule {
  readonly plan: RulePlan;
  readonly query: Pipeline;
}

const ROOT = join(__dirname, '../..').replace(/node_modules.*/, '');

const yaml = (n: number, fields: string, query: string): string => `
id: 0000000${n}-1111-1111-1111-111111111111
name: chaos ${n}
description: chaos
severity: Low
tactics: [LateralMovement]
relevantTechniques: [T1021.003]
${fields}
query: |
${query
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
entityMappings: []
version: 1.0.0
kind: Scheduled
`;

const schedule = (frequency: string, period: string, trigger = 'gt', threshold = 0): string =>
  `queryFrequency: ${frequency}\nqueryPeriod: ${period}\ntriggerOperator: ${trigger}\ntriggerThreshold: ${threshold}`;
const EACH = '\neventGroupingSettings:\n  aggregationKind: AlertPerResult';

const RULES: readonly string[] = [
  readFileSync(join(ROOT, 'rules/lateral-movement-via-dcom.yaml'), 'utf8'),
  yaml(1, `${schedule('10m', '10m')}${EACH}`, 'Event\n| where EventID == 1\n| summarize n = count() by Computer'),
  yaml(
    2,
    schedule('15m', '15m'),
    'Event\n| summarize all = make_list(EventData), begin = min(TimeGenerated) by Computer',
  ),
  yaml(
    3,
    `${schedule('15m', '30m')}${EACH}`,
    'Event\n| where EventID == 1\n| join kind=leftanti (Event | where EventID == 3) on Computer\n| project TimeGenerated, Computer, EventData',
  ),
  yaml(
    4,
    schedule('10m', '30m'),
    'Event\n| summarize n = count(), arg_max(TimeGenerated, EventData) by EventID\n| extend age = now() - TimeGenerated',
  ),
  yaml(
    5,
    schedule('30m', '30m', 'lt', 2),
    'Event\n| where Source == "beat" and TimeGenerated > ago(20m) and now() - TimeGenerated < 19m',
  ),
];

/** The rules of the model test: the DCOM rule, counts, lists, an anti-join, overlapping windows and one that fires on silence. */
export function chaosRules(): ChaosRule[] {
  const compiler = createCompiler([loadTables(join(ROOT, 'tables')).get('Event')!]);
  return RULES.map((text, i) => {
    const { plan, query, problems } = compileRule(
      compiler,
      readRule(text, `chaos-${i}.yaml`),
      DEFAULT_SETTINGS,
      'none',
    );
    if (!plan || !query) throw new Error(JSON.stringify(problems));
    return { plan, query };
  });
}
