import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCompiler } from '../../src/compiler/compile';
import type { Pipeline } from '../../src/kql';
import type { RulePlan } from '../../src/plan/rule-plan';
import { DEFAULT_SETTINGS, type RuleSettings } from '../../src/plan/rule-settings';
import { compileRule } from '../../src/rules/compile';
import { readRule } from '../../src/rules/read';
import { loadTables } from '../../src/tables';

export interface RuleVersion {
  readonly plan: RulePlan;
  readonly query: Pipeline;
}

/** A rule and what it may be edited to. */
export interface ChaosRule extends RuleVersion {
  /** Itself first. */
  readonly versions: readonly RuleVersion[];
  /** It fails on some events, which become dead letters. */
  readonly fails?: boolean;
}

interface Written {
  readonly fields: string;
  readonly query: string;
  readonly settings?: Partial<RuleSettings>;
  /** Queries that it may be edited to. */
  readonly edits?: readonly string[];
  /** Set where a version fails on some events: what it says of them, once it is mended and they are sent again. */
  readonly mended?: string;
}

const ROOT = join(__dirname, '../..').replace(/node_modules.*/, '');

const yaml = (n: number, fields: string, query: string): string => `
id: ${String(n).padStart(8, '0')}-1111-1111-1111-111111111111
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
kind: ${fields.includes('queryFrequency') ? 'Scheduled' : 'NRT'}
`;

const schedule = (frequency: string, period: string, trigger = 'gt', threshold = 0): string =>
  `queryFrequency: ${frequency}\nqueryPeriod: ${period}\ntriggerOperator: ${trigger}\ntriggerThreshold: ${threshold}`;
const EACH = 'eventGroupingSettings:\n  aggregationKind: AlertPerResult';

/** An edit of the flush stage, one of the group stage and one of the row stage. */
const COUNTS = 'Event\n| where EventID == 1\n| summarize n = count() by Computer';
const COUNT_EDITS = [
  `${COUNTS}\n| extend more = n + 1`,
  'Event\n| where EventID == 1\n| summarize n = count(), begin = min(TimeGenerated) by Computer',
  'Event\n| where EventID in (1, 3)\n| summarize n = count() by Computer',
];
/** Fails on some events until it is mended. */
const FAILING = 'Event\n| where assert(EventID != 3, "not yet")\n| summarize n = count() by Computer';
const MENDED = 'Event\n| summarize n = count() by Computer';
const TWICE = 'Event\n| summarize n = count() by Computer\n| where n >= 2';

const RULES: readonly Written[] = [
  { fields: `${schedule('10m', '10m')}\n${EACH}`, query: COUNTS, edits: COUNT_EDITS },
  {
    fields: schedule('15m', '15m'),
    query: 'Event\n| summarize all = make_list(EventData), begin = min(TimeGenerated) by Computer',
    edits: ['Event\n| summarize all = make_set(EventData), begin = min(TimeGenerated) by Computer'],
  },
  {
    fields: `${schedule('15m', '30m')}\n${EACH}`,
    query:
      'Event\n| where EventID == 1\n| join kind=leftanti (Event | where EventID == 3) on Computer\n| project TimeGenerated, Computer, EventData',
    edits: ['Event\n| where EventID == 1\n| project TimeGenerated, Computer, EventData'],
  },
  {
    fields: schedule('10m', '30m'),
    query:
      'Event\n| summarize n = count(), arg_max(TimeGenerated, EventData) by EventID\n| extend age = now() - TimeGenerated',
    edits: ['Event\n| summarize n = count(), arg_max(TimeGenerated, EventData) by EventID'],
  },
  {
    fields: schedule('30m', '30m', 'lt', 2),
    query: 'Event\n| where Source == "beat" and TimeGenerated > ago(20m) and now() - TimeGenerated < 19m',
  },
  {
    fields: `${schedule('5m', '10m')}\n${EACH}`,
    query: 'Event\n| summarize n = count(), begin = min(TimeGenerated) by Computer, EventID',
    settings: { caps: { alerts: 2, results: 1 } },
    edits: ['Event\n| summarize n = count(), latest = max(TimeGenerated) by Computer, EventID'],
  },
  {
    fields: `${schedule('10m', '10m')}\nsuppressionEnabled: true\nsuppressionDuration: 20m`,
    query: 'Event\n| where Source == "beat" and EventID == 3\n| summarize n = count() by Computer',
  },
  {
    fields: EACH,
    query: 'Event\n| where EventID == 1\n| project TimeGenerated, Computer, EventData',
    edits: ['Event\n| where EventID == 3\n| project TimeGenerated, Computer'],
  },
  {
    fields: `${schedule('15m', '15m')}\n${EACH}`,
    query: TWICE,
    settings: { early: true },
    edits: [
      `${TWICE}\n| extend more = 1`,
      'Event\n| summarize n = count(), s = dcount(Source) by Computer\n| where n >= 2',
    ],
  },
  {
    fields: schedule('5m', '15m', 'eq', 0),
    query: 'Event\n| where Source == "beat" and EventID == 3',
    edits: ['Event\n| where Source == "beat" and EventID == 1'],
  },
  {
    fields: `${schedule('5m', '20m')}\n${EACH}\nsuppressionEnabled: true\nsuppressionDuration: 15m`,
    query: 'Event\n| where EventID == 3\n| summarize n = count(), latest = max(TimeGenerated) by Computer',
    settings: { caps: { alerts: 2, results: 1 } },
  },
  {
    fields: `${schedule('5m', '10m')}\nsuppressionEnabled: true\nsuppressionDuration: 20m`,
    query:
      'Event\n| where EventID == 1\n| join kind=leftanti (Event | where EventID == 3) on Computer\n| summarize n = count() by Computer',
  },
  { fields: `${schedule('10m', '20m')}\n${EACH}`, query: FAILING, edits: [MENDED], mended: MENDED },
];

let compiled: readonly ChaosRule[] | undefined;

/**
 * The rules of the model test, compiled once a process: the DCOM rule with early alerts; counts, lists, an anti-join, overlapping windows, one
 * that fires on silence, caps, suppression, NRT, early alerts on a threshold, one that fires on nothing, suppression of capped alerts, and by
 * alerts that late events withdraw; one that fails on events until it is mended.
 */
export function chaosRules(): readonly ChaosRule[] {
  compiled ??= compileRules();
  return compiled;
}

function compileRules(): readonly ChaosRule[] {
  const compiler = createCompiler([loadTables(join(ROOT, 'tables')).get('Event')!]);
  const version = (text: string, settings: Partial<RuleSettings> = {}): RuleVersion => {
    const rule = readRule(text, 'chaos.yaml');
    const { plan, query, problems } = compileRule(compiler, rule, { ...DEFAULT_SETTINGS, ...settings }, 'none');
    if (!plan || !query) throw new Error(JSON.stringify([...rule.problems, ...problems]));
    return { plan, query };
  };
  const dcom = version(readFileSync(join(ROOT, 'rules/lateral-movement-via-dcom.yaml'), 'utf8'), { early: true });
  return [
    { ...dcom, versions: [dcom] },
    ...RULES.map(({ fields, query, settings, edits = [], mended }, i): ChaosRule => {
      const versions = [query, ...edits].map((text) => version(yaml(i + 1, fields, text), settings));
      if (mended === undefined) return { ...versions[0]!, versions };
      const said = version(yaml(i + 1, fields, mended), settings).query;
      const all = versions.map(({ plan }) => ({ plan, query: said }));
      return { ...all[0]!, versions: all, fails: true };
    }),
  ];
}
