import { meter } from '../../../src/kql';
import { call, column, evaluate, long, text } from '../../support/expressions';

/** A call as in an event's row stage, which bounds what it may cost. */
function inRowStage<T>(run: () => T): T {
  meter.refill();
  try {
    return run();
  } finally {
    meter.open();
  }
}

const numbers = (count: number) =>
  column(
    Array.from({ length: count }, (_, i) => (i % 7) + 0.5),
    'dynamic',
  );
const STEPS = /more than 32 million steps/;

describe('what a function may cost an event', () => {
  it('in: a dynamic is compared with texts as text', () => {
    const items = column(['[1]', '{"a":1}'], 'dynamic');
    expect(evaluate('in', column([1], 'dynamic'), text('x'), text('[1]'))).toBe(true);
    expect(call('in', column('[1]', 'string'), items).value).toBe(true);
    const many = column(
      Array.from({ length: 20_000 }, (_, i) => `t${i}`),
      'dynamic',
    );
    expect(inRowStage(() => call('in', column('t19999', 'string'), many).value)).toBe(true);
  });

  it('extract_all: a text that is none is searched as written', () => {
    expect(call('extract_all', text('(\\d)'), column([1, 23], 'dynamic')).value).toEqual(['1', '2', '3']);
    expect(call('extract_all', text('(\\d)'), long(45)).value).toEqual(['4', '5']);
  });

  it('abs: of a dynamic its number, of other types refused', () => {
    expect(call('abs', column(-2.5, 'dynamic'))).toEqual({ type: 'real', value: 2.5 });
    expect(call('abs', column(['a'], 'dynamic')).value).toBeNull();
    expect(() => call('abs', text('a'))).toThrow('abs() is not defined for string');
  });

  it('indexof: as many matches as there are', () => {
    const args = (n: number) => [column('a'.repeat(100_000), 'string'), text('a'), long(0), long(-1), long(n)] as const;
    expect(call('indexof', ...args(100_000)).value).toBe(99_999);
    expect(call('indexof', ...args(100_001)).value).toBe(-1);
  });

  it('series: work that grows with the square of their length is counted', () => {
    for (const run of [
      (count: number) => call('series_fir', numbers(count), numbers(count)).value,
      (count: number) => call('series_fit_2lines_dynamic', numbers(count)).value,
      (count: number) =>
        call('series_periods_detect', numbers(count), column(4, 'real'), column(50, 'real'), long(1)).value,
    ]) {
      expect(inRowStage(() => run(200))).not.toBeNull();
      expect(() => inRowStage(() => run(7_000))).toThrow(STEPS);
    }
  });
});
