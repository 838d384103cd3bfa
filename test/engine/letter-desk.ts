import type { AlertJson } from '../../src/alerts/sinks/sink';
import { DeadLetters } from '../../src/deadletters/dead-letters';
import type { DeadLetterSummary } from '../../src/deadletters/record';
import { createEngine, DEFAULTS, type EngineOptions, type LogEvent, Resender } from '../../src/engine';
import { deadLetterWriter } from '../../src/host/dead-letters';
import type { RulePlan } from '../../src/plan/rule-plan';
import { MemoryStore } from '../../src/state/memory';
import { MemoryBodies } from '../support/memory-bodies';
import { T0, testPlan } from '../support/world';

export const A = '11111111-2222-4333-8444-aaaaaaaaaaaa';
export const B = '11111111-2222-4333-8444-bbbbbbbbbbbb';
export const counting = (id: string, where = 'true') =>
  testPlan({ id, query: `Event | where ${where} | summarize n = count(), ids = make_list(EventID) by Computer` });
/** Fails on EventID 9. */
export const picky = (id: string) => counting(id, 'assert(EventID != 9, "an event of this id")');

interface SentAlert {
  readonly AlertType: string;
  readonly Revision: number;
  readonly Status: string;
  readonly WindowEnd: string;
  readonly Results: readonly { n: number; ids: number[] }[];
}

export class Desk {
  readonly store = new MemoryStore();
  readonly letters = new DeadLetters(this.store, 'letters', new MemoryBodies());
  readonly alerts: SentAlert[] = [];
  readonly logs: LogEvent[] = [];
  private sequenceNumber = 0;

  constructor(
    private readonly mode: 'live' | 'replay',
    private readonly bounds: Partial<EngineOptions> = {},
  ) {}

  options(plans: readonly RulePlan[]): EngineOptions {
    return {
      ...DEFAULTS,
      ...this.bounds,
      plans,
      store: this.store,
      tables: { state: 'state', alerts: 'alerts', control: 'control' },
      sinks: [
        {
          name: 's',
          send: async (list: readonly AlertJson[]) => {
            this.alerts.push(...(list as never[]));
            return { failed: [] };
          },
        },
      ],
      deadLetters: deadLetterWriter(this.letters),
      mode: this.mode,
      log: (event) => this.logs.push(event),
    };
  }

  async send(plans: readonly RulePlan[], bodies: readonly (object | string)[], enqueuedTime: number): Promise<void> {
    await createEngine(this.options(plans)).evaluate({
      source: { namespace: 'n', hub: 'h', partition: '0' },
      messages: bodies.map((body) => ({
        body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
        sequenceNumber: this.sequenceNumber++,
        enqueuedTime,
      })),
    });
  }

  flush = (plans: readonly RulePlan[], now: number) => createEngine(this.options(plans)).flush(now);

  resend = (plans: readonly RulePlan[], id: string, now = T0, how = {}) =>
    new Resender(this.options(plans), this.letters).resend(id, now, how);

  async list(): Promise<readonly DeadLetterSummary[]> {
    return (await this.letters.list()).letters;
  }

  /** The last word on each rule's windows. */
  last(rule: string): string[] {
    const windows = new Map<string, SentAlert>();
    for (const alert of this.alerts) if (alert.AlertType === rule) windows.set(alert.WindowEnd, alert);
    return [...windows.values()].map(({ Results, Revision }) => `r${Revision} ${JSON.stringify(Results)}`);
  }
}

export const event = (at: number, EventID = 1, more: object = {}) => ({
  Type: 'Event',
  TimeGenerated: new Date(at).toISOString(),
  Computer: 'A',
  EventID,
  ...more,
});
