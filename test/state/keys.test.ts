import {
  decodeTime,
  encodeTime,
  groupRowKey,
  MARK_ROW,
  paneRange,
  parseStatePartitionKey,
  rowRowKey,
  sourceId,
  statePartitionKey,
} from '../../src/state/keys';
import { checkKey } from '../../src/state/limits';
import { comparePositions, encodePosition, type RowPosition } from '../../src/state/position';

const HASH = '0123456789abcdef';
const source = sourceId('ns.servicebus.windows.net', 'events');

describe('keys', () => {
  it('sorts times of two thousand years as text', () => {
    const times = [
      '0001-01-01T00:00:00Z',
      '1601-01-01T00:00:00Z',
      '1969-12-31T23:59:59.999Z',
      '1970-01-01T00:00:00Z',
      '2019-04-30T20:35:11.856Z',
      '9999-12-31T23:59:59.999Z',
    ].map((t) => Date.parse(t));
    const texts = times.map(encodeTime);
    expect([...texts].sort()).toEqual(texts);
    expect(texts.map(decodeTime)).toEqual(times);
    expect(new Set(texts.map((t) => t.length)).size).toBe(1);
    expect(() => encodeTime(Date.parse('9999-12-31T23:59:59.999Z') + 1)).toThrow(RangeError);
    expect(() => encodeTime(Number.NaN)).toThrow(RangeError);
  });

  it('puts every partition of a window, and no other, into its range', () => {
    const pane = (paneStart: number, hubPartition: string) =>
      statePartitionKey({ stateHash: HASH, paneStart, source, hubPartition });
    const { partitionFrom, partitionTo } = paneRange(HASH, 3_600_000, 7_200_000);
    const inside = (key: string) => key >= partitionFrom && key < partitionTo;
    expect(
      [3_600_000, 5_400_000, 7_199_999].flatMap((t) => ['0', '31', 'x-y/z'].map((p) => inside(pane(t, p)))),
    ).not.toContain(false);
    expect([0, 3_599_999, 7_200_000].flatMap((t) => ['0', '31'].map((p) => inside(pane(t, p))))).not.toContain(true);
    expect(
      inside(statePartitionKey({ stateHash: HASH.replace('0', '1'), paneStart: 5_400_000, source, hubPartition: '0' })),
    ).toBe(false);
  });

  it('reads a partition key back', () => {
    const partition = { stateHash: HASH, paneStart: 5_400_000, source, hubPartition: '17' };
    expect(parseStatePartitionKey(statePartitionKey(partition))).toEqual(partition);
    expect(() => parseStatePartitionKey('else')).toThrow(RangeError);
  });

  it('tells hubs, their namespaces and their incarnations apart', () => {
    const ids = [
      sourceId('a', 'bc'),
      sourceId('ab', 'c'),
      sourceId('a', 'bc', '2026-01-01'),
      sourceId('a', 'bc', '2026-01-02'),
    ];
    expect(new Set(ids).size).toBe(4);
    expect(sourceId('NS', 'Hub')).toBe(sourceId('ns', 'hub'));
  });

  it('makes allowed row keys of any group key', () => {
    for (const key of ['', 'a/b\\c#d?', '\u0000\ud800', '__proto__', 'x'.repeat(1e6)])
      checkKey('row key', groupRowKey(key));
    expect(groupRowKey('\ud800')).not.toBe(groupRowKey('\udbff'));
    const rows = [MARK_ROW, groupRowKey('x'), rowRowKey({ sequenceNumber: 0, record: 0, ordinal: 0 })];
    expect([...rows].sort()).toEqual(rows);
  });

  it('sorts positions as text', () => {
    const positions: RowPosition[] = [
      { sequenceNumber: 0, record: 0, ordinal: 0 },
      { sequenceNumber: 9, record: 0, ordinal: 1 },
      { sequenceNumber: 9, record: 2, ordinal: 0 },
      { sequenceNumber: 9, record: 10, ordinal: 3 },
      { sequenceNumber: 10, record: 0, ordinal: 0 },
      { sequenceNumber: Number.MAX_SAFE_INTEGER, record: 9_999_999, ordinal: 999_999_999 },
    ];
    const texts = positions.map(encodePosition);
    expect([...texts].sort()).toEqual(texts);
    expect([...positions].reverse().sort(comparePositions)).toEqual(positions);
    expect(() => encodePosition({ sequenceNumber: -1, record: 0, ordinal: 0 })).toThrow(RangeError);
    expect(() => encodePosition({ sequenceNumber: 2 ** 53, record: 0, ordinal: 0 })).toThrow(RangeError);
  });
});
