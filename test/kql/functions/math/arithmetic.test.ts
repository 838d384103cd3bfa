import Decimal from 'decimal.js';
import { call, datetime, dynamic, evaluate, int, long, real, text, timespan } from '../../../support/expressions';

const HOUR = 36_000_000_000n;
const decimal = (value: string) => ({ type: 'decimal', eval: () => new Decimal(value) }) as const;

describe('arithmetic of numbers', () => {
  it('gives long for integers and wraps at 64 bits', () => {
    expect(call('+', int(1), int(2))).toEqual({ type: 'long', value: 3 });
    expect(evaluate('+', long(2n ** 63n - 1n), long(1))).toBe(-(2n ** 63n));
    expect(evaluate('*', long(2 ** 52), long(4))).toBe(2n ** 54n);
    expect(evaluate('/', long(-7), long(2))).toBe(-3);
    expect(evaluate('/', long(1), long(0))).toBeNull();
    expect(evaluate('%', long(-14), long(12))).toBe(10);
    expect(evaluate('%', long(14), long(-12))).toBe(2);
    expect(evaluate('%', long(1), long(0))).toBeNull();
  });

  it('gives real with a real, decimal with a decimal', () => {
    expect(call('/', long(1), real(0))).toEqual({ type: 'real', value: Number.POSITIVE_INFINITY });
    expect(evaluate('/', real(0), long(0))).toBeNaN();
    expect(evaluate('%', real(-1.5), long(1))).toBe(0.5);
    const third = call('/', decimal('1'), long(3));
    expect(third.type).toBe('decimal');
    expect(String(third.value)).toBe(`0.${'3'.repeat(34)}`);
    expect(evaluate('/', decimal('1'), long(0))).toBeNull();
  });

  it('gives null with a null', () => {
    expect(evaluate('+', int(null), long(10))).toBeNull();
  });

  it('refuses strings', () => {
    expect(() => call('+', text('a'), text('b'))).toThrow("operator '+' is not defined for string and string");
  });
});

describe('arithmetic of datetimes and timespans', () => {
  it('follows the table of types', () => {
    expect(call('-', datetime(50n), datetime(20n))).toEqual({ type: 'timespan', value: 30n });
    expect(call('-', datetime(50n), timespan(20n))).toEqual({ type: 'datetime', value: 30n });
    expect(call('+', timespan(50n), datetime(20n))).toEqual({ type: 'datetime', value: 70n });
    expect(call('*', real(2.5), timespan(HOUR))).toEqual({ type: 'timespan', value: 90_000_000_000n });
    expect(call('*', timespan(3n), long(2))).toEqual({ type: 'timespan', value: 6n });
    expect(call('/', timespan(24n * HOUR), timespan(HOUR))).toEqual({ type: 'real', value: 24 });
    expect(call('/', timespan(HOUR), real(2))).toEqual({ type: 'timespan', value: HOUR / 2n });
    expect(call('%', datetime(25n * HOUR), timespan(24n * HOUR))).toEqual({ type: 'timespan', value: HOUR });
    expect(call('%', timespan(-HOUR), timespan(24n * HOUR))).toEqual({ type: 'timespan', value: 23n * HOUR });
    expect(call('/', timespan(HOUR), long(0))).toEqual({ type: 'timespan', value: null });
  });

  it('gives null out of range', () => {
    expect(evaluate('-', datetime(5n), timespan(6n))).toBeNull();
    expect(evaluate('*', timespan(2n ** 62n), long(4))).toBeNull();
  });
});

describe('arithmetic of dynamics', () => {
  it('reads a dynamic as the type beside it', () => {
    expect(call('+', dynamic(1), int(2))).toEqual({ type: 'long', value: 3 });
    expect(call('+', dynamic('x'), long(2))).toEqual({ type: 'long', value: null });
    expect(call('*', dynamic(2), dynamic(3))).toEqual({ type: 'dynamic', value: 6 });
    expect(call('+', dynamic('a'), dynamic(3))).toEqual({ type: 'dynamic', value: null });
  });
});

describe('unary minus', () => {
  it('keeps the type', () => {
    expect(call('unary-', int(5))).toEqual({ type: 'int', value: -5 });
    expect(evaluate('unary-', long(0))).toBe(0);
    expect(evaluate('unary-', long(-(2n ** 63n)))).toBe(-(2n ** 63n));
    expect(call('unary-', timespan(HOUR))).toEqual({ type: 'timespan', value: -HOUR });
    expect(call('unary-', dynamic(1.5))).toEqual({ type: 'dynamic', value: -1.5 });
  });
});

describe('members and elements of dynamics', () => {
  const bag = dynamic(
    new Map([
      ['a', 1],
      ['__proto__', 2],
    ]),
  );
  it('reads bags by name and arrays by position', () => {
    expect(evaluate('.member', bag, text('a'))).toBe(1);
    expect(evaluate('.member', bag, text('__proto__'))).toBe(2);
    expect(evaluate('.member', bag, text('constructor'))).toBeNull();
    expect(evaluate('[]', bag, text('a'))).toBe(1);
    expect(evaluate('[]', bag, dynamic('a'))).toBe(1);
    expect(evaluate('[]', bag, long(0))).toBeNull();
    expect(evaluate('[]', dynamic([1, 2, 3]), long(-1))).toBe(3);
    expect(evaluate('[]', dynamic([1, 2, 3]), long(-4))).toBeNull();
    expect(evaluate('[]', dynamic([1, 2, 3]), text('length'))).toBeNull();
  });
});
