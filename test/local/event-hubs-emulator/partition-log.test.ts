import { PartitionLog } from '../../../local/event-hubs-emulator/partition-log';
import { parseSelector } from '../../../local/event-hubs-emulator/selector-filter';

function filled(times: number[]): PartitionLog {
  const log = new PartitionLog('0', 1_000_000);
  for (const time of times) log.append(Buffer.alloc(100), undefined, time);
  return log;
}

describe('PartitionLog', () => {
  it('resolves each kind of start position', () => {
    const log = filled([10, 20, 20, 30]);
    const start = (selector?: string) => log.resolve(parseSelector(selector));
    expect(start()).toBe(0);
    expect(start("amqp.annotation.x-opt-offset > '-1'")).toBe(0);
    expect(start("amqp.annotation.x-opt-offset > '@latest'")).toBe(4);
    expect(start("amqp.annotation.x-opt-offset > '100'")).toBe(2);
    expect(start("amqp.annotation.x-opt-offset >= '100'")).toBe(1);
    expect(start("amqp.annotation.x-opt-sequence-number > '2'")).toBe(3);
    expect(start("amqp.annotation.x-opt-sequence-number >= '2'")).toBe(2);
    expect(start("amqp.annotation.x-opt-enqueued-time > '10'")).toBe(1);
    expect(start("amqp.annotation.x-opt-enqueued-time > '20'")).toBe(3);
    expect(start("amqp.annotation.x-opt-enqueued-time > '99'")).toBe(4);
  });

  it('never lets the enqueued time go back', () => {
    const log = filled([50, 40]);
    expect(log.at(1)?.enqueuedTime).toBe(50);
  });

  it('drops the oldest events beyond the retained bytes and moves the begin sequence number', () => {
    const log = new PartitionLog('0', 10_000);
    for (let i = 0; i < 5000; i++) log.append(Buffer.alloc(300), undefined, i);
    expect(log.beginSequenceNumber).toBe(4980);
    expect(log.nextSequenceNumber).toBe(5000);
    expect(log.at(0)?.sequenceNumber).toBe(4980);
    expect(log.at(4999)?.offset).toBe(4999 * 300);
    expect(log.at(5000)).toBeUndefined();
    expect(log.resolve({ kind: 'sequenceNumber', value: 10, inclusive: false })).toBe(4980);
    expect(log.resolve({ kind: 'sequenceNumber', value: 4990, inclusive: false })).toBe(4991);
  });

  it('keeps at least the newest event', () => {
    const log = new PartitionLog('0', 10);
    log.append(Buffer.alloc(300), undefined, 1);
    expect(log.at(0)?.sequenceNumber).toBe(0);
  });
});

describe('parseSelector', () => {
  it.each([
    'x > 1',
    "amqp.annotation.x-opt-offset > ''",
    "amqp.annotation.x-opt-offset < '1'",
    "amqp.annotation.x-opt-offset > 'abc'",
  ])('refuses %s', (selector) => {
    expect(() => parseSelector(selector)).toThrow(/selector/);
  });
});
