import type { AlertJson } from '../../src/alerts/sinks/sink';
import { createCompiler } from '../../src/compiler/compile';
import { createEngine, type Engine } from '../../src/engine';
import type { RulePlan } from '../../src/plan/rule-plan';
import { DEFAULT_SETTINGS, type RuleSettings } from '../../src/plan/rule-settings';
import { compileRule } from '../../src/rules/compile';
import { readRule } from '../../src/rules/read';
import { MemoryStore } from '../../src/state/memory';
import { engineOptions } from './engine-options';

export const HOUR = 3_600_000;
export const MINUTE = 60_000;
export const T0 = Date.UTC(2026, 0, 1);

const compiler = createCompiler([
  {
    name: 'Event',
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'Computer', type: 'string' },
      { name: 'EventID', type: 'int' },
    ],
  },
]);

export interface TestRule {
  query: string;
  frequency?: string;
  period?: string;
  trigger?: string;
  id?: string;
  /** Without a schedule, by enqueued time. */
  isNrt?: boolean;
  /** An alert for each result. */
  isEach?: boolean;
  settings?: Partial<RuleSettings>;
}

const EACH = 'eventGroupingSettings:\n  aggregationKind: AlertPerResult\n';

/** A rule over a small Event table; throws with its problems. */
export function testPlan(rule: TestRule): RulePlan {
  const {
    query,
    frequency = '1h',
    period = '1h',
    trigger = 'gt',
    id = '11111111-2222-4333-8444-555555555555',
    isNrt = false,
    isEach = false,
    settings,
  } = rule;
  const schedule = `queryFrequency: ${frequency}\nqueryPeriod: ${period}\ntriggerOperator: ${trigger}\ntriggerThreshold: 0\n`;
  const yaml = `id: ${id}\nname: r\ndescription: d\nseverity: Low\nrequiredDataConnectors: []\n${isNrt ? '' : schedule}${isEach ? EACH : ''}tactics: []\nrelevantTechniques: []\nversion: 1.0.0\nkind: ${isNrt ? 'NRT' : 'Scheduled'}\nquery: |\n  ${query}\n`;
  const compiled = compileRule(
    compiler,
    readRule(yaml, 'r.yaml'),
    { ...DEFAULT_SETTINGS, ...settings },
    'settings.yaml',
  );
  if (!compiled.plan) throw new Error(compiled.problems.map((problem) => problem.message).join('\n'));
  return compiled.plan;
}

/** A deployment after another over one store, with a clock of its own; another world over the same store is another instance of the app. */
export class World {
  readonly alerts: {
    AlertType: string;
    WindowEnd: string;
    Revision: number;
    SystemAlertId: string;
    Incomplete: boolean;
    Results: Record<string, unknown>[];
  }[] = [];
  private sequenceNumber = 0;
  private engines: Engine[] = [];

  constructor(readonly store = new MemoryStore()) {}

  deploy(...plans: RulePlan[]): void {
    // Evaluate and flush are processes of their own.
    this.engines = [this.engine(plans), this.engine(plans)];
  }

  /** The process that evaluates goes on with the plans that it has. */
  deployToFlush(...plans: RulePlan[]): void {
    this.engines[1] = this.engine(plans);
  }

  private engine(plans: readonly RulePlan[]): Engine {
    return createEngine(
      engineOptions(this.store, {
        plans,
        sinks: [
          {
            name: 's',
            send: async (list: readonly AlertJson[]) => {
              this.alerts.push(...(list as never[]));
              return { failed: [] };
            },
          },
        ],
      }),
    );
  }

  async event(at: number, fields: object = {}): Promise<void> {
    const body = Buffer.from(
      JSON.stringify({
        Type: 'Event',
        TimeGenerated: new Date(at).toISOString(),
        Computer: 'A',
        EventID: 1,
        ...fields,
      }),
    );
    jest.setSystemTime(at);
    await this.engines[0]!.evaluate({
      source: { namespace: 'n', hub: 'h', partition: '0' },
      messages: [{ body, sequenceNumber: this.sequenceNumber++, enqueuedTime: at }],
    });
  }

  async flush(at: number): Promise<void> {
    jest.setSystemTime(at);
    await this.engines[1]!.flush(at);
  }

  results(): string[] {
    return this.alerts.map(
      (alert) => `${alert.WindowEnd.slice(0, 16)} r${alert.Revision} ${JSON.stringify(alert.Results[0])}`,
    );
  }
}
