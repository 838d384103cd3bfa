import type { AlertJson } from '../../src/alerts/sinks/sink';
import { DeadLetters } from '../../src/deadletters/dead-letters';
import type { DeadLetterSummary } from '../../src/deadletters/record';
import { createEngine, DEFAULTS, type EngineOptions, Resender } from '../../src/engine';
import { deadLetterWriter } from '../../src/host/dead-letters';
import type { RulePlan } from '../../src/plan/rule-plan';
import { MemoryStore } from '../../src/state/memory';
import { MemoryBodies } from './memory-bodies';

export interface SentAlert {
  readonly SystemAlertId: string;
  readonly WindowEnd: string;
  readonly Revision: number;
  readonly Results: readonly { Computer: string; n: number }[];
}

export const event = (at: number, EventID = 1, Computer = 'A') => ({
  Type: 'Event',
  TimeGenerated: new Date(at).toISOString(),
  Computer,
  EventID,
});

export interface Sent {
  readonly body: Buffer;
  readonly sequenceNumber: number;
  readonly enqueuedTime: number;
}

/** An app with its dead letters, in memory; every call is of a process of its own. */
export class Desk {
  readonly store = new MemoryStore();
  readonly letters = new DeadLetters(this.store, 'letters', new MemoryBodies());
  readonly alerts: SentAlert[] = [];
  sequenceNumber = 0;
  incarnation: string | undefined = '2026-01-01T00:00:00Z';

  constructor(private readonly bounds: Partial<EngineOptions> = {}) {}

  options(plans: readonly RulePlan[], more: Partial<EngineOptions> = {}): EngineOptions {
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
      mode: 'live',
      log: () => undefined,
      ...this.bounds,
      ...more,
    };
  }

  /** Puts records into the hub, one a message, and evaluates them. */
  async send(plans: readonly RulePlan[], bodies: readonly object[], at: number, more: Partial<EngineOptions> = {}) {
    const messages = bodies.map((body) => ({
      body: Buffer.from(JSON.stringify(body)),
      sequenceNumber: this.sequenceNumber++,
      enqueuedTime: at,
    }));
    jest.setSystemTime(at);
    await this.deliver(plans, messages, more);
    return messages;
  }

  deliver(plans: readonly RulePlan[], messages: readonly Sent[], more: Partial<EngineOptions> = {}) {
    const source = { namespace: 'n', hub: 'h', partition: '0', incarnation: this.incarnation };
    return createEngine(this.options(plans, more)).evaluate({ source, messages });
  }

  flush(plans: readonly RulePlan[], now: number) {
    jest.setSystemTime(now);
    return createEngine(this.options(plans)).flush(now);
  }

  resend(plans: readonly RulePlan[], id: string, now: number, how = {}, more: Partial<EngineOptions> = {}) {
    jest.setSystemTime(now);
    return new Resender(this.options(plans, more), this.letters).resend(id, now, how);
  }

  async list(): Promise<readonly DeadLetterSummary[]> {
    return (await this.letters.list()).letters;
  }

  /** The last word of each alert, of all windows or of the one that ends then. */
  last(end?: number): SentAlert[] {
    const alerts = new Map<string, SentAlert>();
    for (const alert of this.alerts) alerts.set(alert.SystemAlertId, alert);
    return [...alerts.values()].filter(({ WindowEnd }) => end === undefined || Date.parse(WindowEnd) === end);
  }
}
