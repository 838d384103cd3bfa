import type { LogEvent } from '../../src/engine';
import { Attempts } from '../../src/engine/attempts';
import { ProgressWriter, readProgress } from '../../src/engine/progress';
import { Stalls } from '../../src/host/stalls';
import { MemoryStore } from '../../src/state/memory';
import { MINUTE, T0 } from '../support/world';

const tables = { state: 'state', alerts: 'alerts', control: 'control' };
const source = (partition: string) => ({ namespace: 'n', hub: 'h', partition });

class Watch {
  readonly store = new MemoryStore();
  readonly progress = new ProgressWriter({ store: this.store, tables });
  readonly attempts = new Attempts(this.store, 'control');
  readonly log: LogEvent[] = [];
  readonly gauge: number[] = [];
  stalls = this.open();

  /** As in a process that has just begun. */
  open(): Stalls {
    const metrics = { stalled: (count: number) => void this.gauge.push(count) };
    this.stalls = new Stalls({ store: this.store, tables, metrics, log: (event) => this.log.push(event) });
    return this.stalls;
  }

  /** What is said of partitions that end at so many messages, after so many minutes. */
  async look(minutes: number, ends: Record<string, number>): Promise<unknown[]> {
    this.log.length = 0;
    const list = Object.entries(ends).map(([partition, last]) => ({
      source: source(partition),
      lastSequenceNumber: last,
    }));
    await this.stalls.look(list, T0 + minutes * MINUTE);
    return this.log.map(({ message, partition, waiting, attempts }) => [message, partition, waiting, attempts]);
  }
}

const SAYS = 'partition stands still';

describe('a partition that stands still', () => {
  it('is told after five minutes, and for as long as it lasts', async () => {
    const watch = new Watch();
    await watch.progress.note(source('0'), { sequenceNumber: 9, enqueuedTime: T0 }, T0);
    await watch.progress.note(source('1'), { sequenceNumber: 9, enqueuedTime: T0 }, T0);
    expect(await watch.look(0, { 0: 20, 1: 9 })).toEqual([]);
    expect(await watch.look(4, { 0: 30, 1: 20 })).toEqual([]);
    expect(await watch.look(5, { 0: 40, 1: 20 })).toEqual([[SAYS, '0', 31, 0]]);
    expect(await watch.look(9, { 0: 40, 1: 20 })).toEqual([
      [SAYS, '0', 31, 0],
      [SAYS, '1', 11, 0],
    ]);
    await watch.progress.note(source('0'), { sequenceNumber: 10, enqueuedTime: T0 }, T0);
    await watch.progress.note(source('1'), { sequenceNumber: 20, enqueuedTime: T0 }, T0);
    expect(await watch.look(10, { 0: 40, 1: 20 })).toEqual([]);
    expect(watch.gauge).toEqual([0, 0, 1, 2, 0]);
    expect(await watch.look(15, { 0: 40, 1: 21 })).toEqual([[SAYS, '0', 30, 0]]);
  });

  it('that was never read counts from when something was there', async () => {
    const watch = new Watch();
    expect(await watch.look(0, { 0: -1 })).toEqual([]);
    expect(await watch.look(60, { 0: 0 })).toEqual([]);
    expect(await watch.look(65, { 0: 0 })).toEqual([[SAYS, '0', 1, 0]]);
  });

  it('is told at once by a process that finds a note of attempts', async () => {
    const watch = new Watch();
    await watch.progress.note(source('0'), { sequenceNumber: 9, enqueuedTime: T0 }, T0);
    const [key] = [...(await readProgress(watch.store, 'control')).keys()];
    const step = { step: 'read', tries: 1, given: [], counting: false } as const;
    await watch.attempts.write(key!, { ...step, from: 10, attempts: 3, since: T0 });
    expect(await watch.look(4, { 0: 20 })).toEqual([]);
    watch.open();
    expect(await watch.look(6, { 0: 20 })).toEqual([[SAYS, '0', 11, 3]]);
  });
});
