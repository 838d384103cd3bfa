import type { Alert } from '../../src/alerts/alert';
import { buildAlerts } from '../../src/alerts/build';
import { alertFingerprint, corrections } from '../../src/alerts/same';
import { triggerFires } from '../../src/alerts/trigger';
import { AT, rule, table, WINDOW } from './sample';

const LATER = '2019-04-30T22:05:00.0000000Z';
const build = (generatedAt: string, ...rows: Record<string, unknown>[]): Alert[] =>
  buildAlerts(rule({ eventGrouping: 'AlertPerResult' }), table(...rows), WINDOW, { generatedAt, keyColumns: ['C'] })
    .alerts;
const stored = (alerts: Alert[]): Alert[] => JSON.parse(JSON.stringify(alerts));

describe('corrections', () => {
  it('sends nothing when nothing changed, however it was stored', () => {
    const first = build(AT, { C: 'a', N: 1, D: { x: 1, y: [2] } });
    const again = build(LATER, { C: 'a', N: 1, D: { y: [2], x: 1 } }).map((alert) => ({ ...alert, Incomplete: true }));
    expect(corrections(stored(first), again, LATER)).toEqual({ changed: [], current: first });
  });

  it('sends new alerts as they are, changed ones as the next revision, vanished ones withdrawn', () => {
    const first = build(AT, { C: 'a', N: 1 }, { C: 'b', N: 1 });
    const { changed, current } = corrections(stored(first), build(LATER, { C: 'a', N: 2 }, { C: 'c', N: 1 }), LATER);
    expect(changed.map((alert) => [alert.Results[0]!.C, alert.Revision, alert.Status])).toEqual([
      ['a', 2, 'New'],
      ['c', 1, 'New'],
      ['b', 2, 'Withdrawn'],
    ]);
    expect(changed[0]!.SystemAlertId).toBe(first[0]!.SystemAlertId);
    expect(changed[2]).toMatchObject({ SystemAlertId: first[1]!.SystemAlertId, TimeGenerated: LATER });
    expect(current).toHaveLength(3);
  });

  it('withdraws once, and raises again what comes back', () => {
    const first = build(AT, { C: 'a' });
    const gone = corrections(first, [], LATER);
    expect(gone.changed).toMatchObject([{ Revision: 2, Status: 'Withdrawn' }]);
    expect(corrections(stored(gone.current), [], LATER).changed).toEqual([]);
    expect(corrections(gone.current, build(LATER, { C: 'a' }), LATER).changed).toMatchObject([
      { Revision: 3, Status: 'New' },
    ]);
  });
});

describe('alertFingerprint', () => {
  it('sees every field that says something', () => {
    const [alert] = build(AT, { C: 'a' });
    const print = alertFingerprint(alert!);
    expect(print).toMatch(/^[0-9a-f]{64}$/);
    expect(alertFingerprint({ ...alert!, Revision: 9, TimeGenerated: LATER, ProcessingEndTime: LATER })).toBe(print);
    expect(alertFingerprint({ ...alert!, AlertSeverity: 'High' })).not.toBe(print);
    expect(alertFingerprint({ ...alert!, Results: [{ C: 'b' }] })).not.toBe(print);
  });
});

describe('triggerFires', () => {
  it.each([
    ['GreaterThan', [false, false, true]],
    ['GreaterThanOrEqual', [false, true, true]],
    ['LessThan', [true, false, false]],
    ['LessThanOrEqual', [true, true, false]],
    ['Equal', [false, true, false]],
    ['NotEqual', [true, false, true]],
  ])('%s', (operator, expected) => {
    expect([1, 2, 3].map((count) => triggerFires({ operator, threshold: 2 }, count))).toEqual(expected);
  });

  it('refuses an operator it does not know', () => {
    expect(() => triggerFires({ operator: 'constructor', threshold: 0 }, 1)).toThrow(RangeError);
  });
});
