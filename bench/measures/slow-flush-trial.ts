/**
 * What a flush makes of a store that takes its time: every request is answered after 5 ms. Many rules, hourly over an hour, that count events of
 * an id of their own by host; nothing due, and all of them due at once, of which none, a tenth or all hold events and alert.
 */
import { createCompiler } from '../../src/compiler/compile';
import { createEngine, DEFAULTS, type Engine } from '../../src/engine';
import type { RulePlan } from '../../src/plan/rule-plan';
import { DEFAULT_SETTINGS } from '../../src/plan/rule-settings';
import { compileRule } from '../../src/rules/compile';
import { readRule } from '../../src/rules/read';
import { MemoryStore } from '../../src/state/memory';
import { legHash } from '../../src/streaming/split';

const DELAY_MS = 5;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 2, 14, 6);
const HOSTS = 5;
const NUMBER = '987654';

/** A row of the table that benchmarks print. */
export interface SlowFlushRow {
  readonly name: string;
  readonly value: number;
  readonly unit: 's';
  /** The same by the processor time of the process. */
  readonly cpu: number;
  readonly rules: number;
  /** Rules with a window that is due, and of these such that hold events. */
  readonly due: number;
  readonly holding: number;
  readonly requests: number;
  readonly alerts: number;
}

export interface SlowFlushOptions {
  readonly rules?: number;
  readonly rounds?: number;
}

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

/** Compiling a thousand rules is not what is measured: one is compiled, and the others are made of its plan. */
function madeRules(count: number): RulePlan[] {
  const text = `id: 00000000-0000-4000-8000-000000${NUMBER}\nname: made ${NUMBER}\ndescription: d\nseverity: Low\nrequiredDataConnectors: []\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\ntactics: []\nrelevantTechniques: []\nversion: 1.0.0\nkind: Scheduled\nquery: |\n  Event | where EventID == ${NUMBER} | summarize Count = count(), StartTime = min(TimeGenerated) by Computer\n`;
  const { plan, problems } = compileRule(compiler, readRule(text, 'made.yaml'), DEFAULT_SETTINGS, 'settings.yaml');
  if (!plan) throw new Error(problems.map(({ message }) => message).join('\n'));
  const json = JSON.stringify(plan);
  return Array.from({ length: count }, (_, i) => {
    const made = JSON.parse(json.replaceAll(NUMBER, String(100_000 + i))) as RulePlan;
    const { paneMs, legs } = made.stream;
    return {
      ...made,
      stream: { ...made.stream, legs: legs.map((leg) => ({ ...leg, hash: legHash(leg, paneMs, 'event') })) },
    };
  });
}

class SlowApp {
  requests = 0;
  alerts = 0;
  private readonly store = new MemoryStore();
  private readonly engine: Engine;
  private sequenceNumber = 0;

  constructor(plans: readonly RulePlan[]) {
    this.engine = createEngine({
      ...DEFAULTS,
      plans,
      store: this.store,
      tables: { state: 'State', alerts: 'Alerts', control: 'Control' },
      sinks: [
        {
          name: 'sink',
          send: async (alerts) => {
            this.alerts += alerts.length;
            return { failed: [] };
          },
        },
      ],
      deadLetters: {
        async write(letters) {
          throw new Error(`dead letter: ${letters[0]!.detail}`);
        },
      },
      mode: 'live',
      log: ({ level, message, reason }) => {
        if (level === 'error') throw new Error(`${message}: ${reason}`);
      },
    });
  }

  /** An event of some hosts for each of the first rules. */
  async events(rules: number, time: number): Promise<void> {
    const body = Buffer.from(
      JSON.stringify({
        records: Array.from({ length: rules * HOSTS }, (_, i) => ({
          Type: 'Event',
          TimeGenerated: new Date(time).toISOString(),
          Computer: `host-${i % HOSTS}`,
          EventID: 100_000 + Math.floor(i / HOSTS),
        })),
      }),
    );
    const message = { body, sequenceNumber: this.sequenceNumber++, enqueuedTime: time + 1_000 };
    await this.engine.evaluate({ source: { namespace: 'n', hub: 'h', partition: '0' }, messages: [message] });
  }

  /** Flushes, at no cost, until nothing is left. */
  async settle(now: number): Promise<void> {
    for (;;) if ((await this.engine.flush(now)).windows === 0) return;
  }

  async flush(now: number): Promise<{ seconds: number; cpu: number; requests: number; alerts: number }> {
    this.alerts = 0;
    let requests = 0;
    this.store.hooks.before = () => {
      requests++;
      return new Promise((resolve) => setTimeout(resolve, DELAY_MS));
    };
    const begun = process.cpuUsage();
    const started = performance.now();
    await this.engine.flush(now);
    const seconds = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(begun);
    delete this.store.hooks.before;
    return { seconds, cpu: (user + system) / 1_000_000, requests, alerts: this.alerts };
  }
}

/** Flushes over a slow store. The best of some rounds, each with a store of its own. */
export async function measureSlowFlush({ rules = 1_000, rounds = 3 }: SlowFlushOptions = {}): Promise<SlowFlushRow[]> {
  const plans = madeRules(rules);
  const cases = [
    { what: 'nothing due', due: 0, holding: 0 },
    { what: 'all due, none holds events', due: rules, holding: 0 },
    { what: 'all due, a tenth holds events', due: rules, holding: Math.ceil(rules / 10) },
    { what: 'all due, all hold events', due: rules, holding: rules },
  ];
  const rows: SlowFlushRow[] = [];
  for (const { what, due, holding } of cases) {
    let best: SlowFlushRow | undefined;
    for (let round = 0; round < rounds; round++) {
      const app = new SlowApp(plans);
      await app.settle(START);
      await app.settle(START + 6 * MINUTE);
      if (holding > 0) await app.events(holding, START + 10 * MINUTE);
      const { seconds, cpu, requests, alerts } = await app.flush(START + (due > 0 ? HOUR + 6 * MINUTE : 12 * MINUTE));
      const row = {
        name: `flush, ${rules} rules, store of ${DELAY_MS} ms: ${what}`,
        value: Number(seconds.toFixed(2)),
        unit: 's' as const,
        cpu: Number(cpu.toFixed(2)),
        ...{ rules, due, holding, requests, alerts },
      };
      if (!best || row.value < best.value) best = row;
    }
    rows.push(best!);
  }
  return rows;
}
