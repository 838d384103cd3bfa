import { LegRunner } from '../../src/streaming/leg-runner';
import { RecentGroups } from '../../src/streaming/recent-groups';
import { testCompiler } from '../support/kql';

const COLUMNS = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Host', type: 'string' },
] as const;
const { plan } = testCompiler([{ name: 'Event', columns: [...COLUMNS] }]).compile(
  'Event | summarize N = count(), Hosts = make_set(Host), First = min(TimeGenerated) by Host',
);
const group = plan!.ops[0]! as Extract<(typeof plan & object)['ops'][number], { op: 'summarize' }>;
const legOf = () =>
  new LegRunner({ hash: 'h', branches: [{ table: 'Event', columns: COLUMNS, ops: [] }], columns: [], group }, 60_000);
const survivors = (runner: LegRunner, minute: number) =>
  runner.survivors({
    table: 'Event',
    fields: { TimeGenerated: new Date(Date.UTC(2026, 0, 1, 0, minute, 1)).toISOString(), Host: 'a' },
    ingestion: 0n,
    origin: `o${minute}`,
  });

describe('groups that were written last', () => {
  it('a fold gives the same however often it is asked for, and in whichever process', () => {
    const runner = legOf();
    const first = runner.fold(undefined, survivors(runner, 3));
    const second = runner.fold(first, survivors(runner, 2));
    expect(runner.fold(first, survivors(runner, 2))).toBe(second);
    const third = runner.fold(second, survivors(runner, 5));
    expect(runner.fold(second, survivors(runner, 5))).toBe(third);
    const other = legOf();
    expect(other.fold(second, survivors(other, 5))).toBe(third);
    expect(JSON.parse(third).a[0]).toBe(3);
  });

  it('are handed out once, the latest of them, and none that is long', () => {
    const recent = new RecentGroups<number>();
    for (let i = 0; i < 1_000; i++) recent.keep(`g${i}`, i);
    expect([recent.take('g0'), recent.take('g999'), recent.take('g999')]).toEqual([undefined, 999, undefined]);
    recent.keep('x'.repeat(10_000), 1);
    expect(recent.take('x'.repeat(10_000))).toBeUndefined();
  });
});
