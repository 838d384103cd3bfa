import type { AlertJson } from '../../src/alerts/sinks/sink';
import { createEngine, DEFAULTS } from '../../src/engine';
import { MemoryStore } from '../../src/state/memory';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

fakeClock();

const DAY = 24 * HOUR;
const source = { namespace: 'n', hub: 'h', partition: '0' };

/** A hub that keeps everything, with evaluation that can stand still while windows close. */
class Stream {
  readonly latest = new Map<string, unknown>();
  readonly store = new MemoryStore();
  private readonly log: { body: Buffer; sequenceNumber: number; enqueuedTime: number }[] = [];
  private readonly engine = createEngine({
    ...DEFAULTS,
    plans: [testPlan({ query: 'Event | where EventID == 1 | summarize N = count() by Computer' })],
    store: this.store,
    tables: { state: 'state', alerts: 'alerts', control: 'control' },
    sinks: [
      {
        name: 's',
        send: async (alerts: readonly AlertJson[]) => {
          for (const alert of alerts as unknown as { WindowEnd: string; Status: string; Results: { N: number }[] }[])
            this.latest.set(
              alert.WindowEnd.slice(0, 13),
              alert.Status === 'Withdrawn' ? undefined : alert.Results[0]?.N,
            );
          return { failed: [] };
        },
      },
    ],
    deadLetters: { write: async () => undefined },
    mode: 'live',
    hubEnds: async () => [{ source, lastSequenceNumber: this.log.length - 1 }],
    log: () => undefined,
  });

  publish(enqueuedTime: number, at = enqueuedTime): void {
    const event = { Type: 'Event', TimeGenerated: new Date(at).toISOString(), Computer: 'A', EventID: 1 };
    this.log.push({ body: Buffer.from(JSON.stringify(event)), sequenceNumber: this.log.length, enqueuedTime });
  }

  async evaluate(from = 0, to = this.log.length): Promise<void> {
    await this.engine.evaluate({ source, messages: this.log.slice(from, to) });
  }

  async flush(at: number): Promise<void> {
    jest.setSystemTime(at);
    await this.engine.flush(at);
  }
}

describe('an outage of evaluation', () => {
  it('longer than windows wait and events may be late: what was read before and what is read after both count', async () => {
    const stream = new Stream();
    await stream.flush(T0);
    stream.publish(T0 + 10 * MINUTE);
    await stream.evaluate();
    // In the same window, and not read for three days.
    stream.publish(T0 + 20 * MINUTE);
    stream.publish(T0 + 30 * HOUR);
    for (let at = T0 + 30 * MINUTE; at < T0 + 3 * DAY; at += 20 * MINUTE) await stream.flush(at);
    expect(stream.latest.get('2026-01-01T01')).toBe(1);
    await stream.evaluate(1);
    await stream.flush(T0 + 3 * DAY + MINUTE);
    expect(stream.latest.get('2026-01-01T01')).toBe(2);
    expect(stream.latest.get('2026-01-02T07')).toBe(1);
  });

  it('with windows that are caught up in one flush: notes from before it are worked off', async () => {
    const stream = new Stream();
    await stream.flush(T0);
    stream.publish(T0 + 10 * MINUTE);
    await stream.evaluate();
    stream.publish(T0 + 20 * MINUTE);
    // Nothing flushes for long either, but for one that could not wait.
    await stream.flush(T0 + 2 * HOUR);
    await stream.flush(T0 + 9 * HOUR);
    expect(stream.latest.get('2026-01-01T01')).toBe(1);
    await stream.evaluate(1);
    await stream.flush(T0 + 3 * DAY);
    expect(stream.latest.get('2026-01-01T01')).toBe(2);
  });

  it('state that is gone does not come back by what is delivered again', async () => {
    const stream = new Stream();
    await stream.flush(T0);
    stream.publish(T0 + 10 * MINUTE);
    stream.publish(T0 + 20 * MINUTE);
    await stream.evaluate();
    for (let at = T0 + 30 * MINUTE; at < T0 + 3 * DAY; at += 2 * HOUR) await stream.flush(at);
    expect(stream.latest.get('2026-01-01T01')).toBe(2);
    expect(stream.store.dump('state')).toEqual([]);
    // The partition was idle: its progress is older than what is gone.
    stream.publish(T0 + 3 * DAY);
    await stream.evaluate(1, 2);
    for (let i = 0; i < 30; i++) await stream.flush(T0 + 3 * DAY + i * 20 * MINUTE);
    expect(stream.latest.get('2026-01-01T01')).toBe(2);
    expect(stream.store.dump('state')).toEqual([]);
  });
});
