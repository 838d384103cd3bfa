import fc from 'fast-check';
import { normalizeEpoch, normalizeTime } from '../../src/events/time';

jest.setTimeout(60_000);

describe('normalizeEpoch', () => {
  it.each([
    [1773498667, '2026-03-14T14:31:07.0000000Z'],
    [1773498667.123, '2026-03-14T14:31:07.1230000Z'],
    ['1773498667123', '2026-03-14T14:31:07.1230000Z'],
    [1773498667123456, '2026-03-14T14:31:07.1234560Z'],
    ['1773498667123456789', '2026-03-14T14:31:07.1234567Z'],
    [1773498667123456789n, '2026-03-14T14:31:07.1234567Z'],
    [0, '1970-01-01T00:00:00.0000000Z'],
  ])('tells the unit of %s by its size', (value, time) => {
    expect(normalizeEpoch(value)).toBe(time);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, '', 'x', null, undefined, {}])('has no time in %p', (value) => {
    expect(normalizeEpoch(value)).toBeUndefined();
  });
});

describe('normalizeTime', () => {
  it('agrees with Date on every time to the millisecond, in any zone', () => {
    const date = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, fc.integer({ min: -840, max: 840 }), (time, zone) => {
        const local = new Date(time.getTime() + zone * 60_000).toISOString().slice(0, -1);
        const [hours, minutes] = [Math.floor(Math.abs(zone) / 60), Math.abs(zone) % 60].map((part) =>
          String(part).padStart(2, '0'),
        );
        const text = `${local}${zone < 0 ? '-' : '+'}${hours}:${minutes}`;
        expect(normalizeTime(text)).toBe(`${time.toISOString().slice(0, -1)}0000Z`);
      }),
    );
  });

  it('leaves what is in its form', () => {
    expect(normalizeTime('2026-03-14T14:31:07.1234567Z')).toBe('2026-03-14T14:31:07.1234567Z');
  });

  it('gives up on a long text at once', () => {
    expect(normalizeTime('2026-03-14T14:31:07.'.padEnd(1_000_000, '1'))).toBeUndefined();
  });
});
