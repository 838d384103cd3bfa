import Decimal from 'decimal.js';
import { call, cell, datetime, evaluate, int, long, real, timespan } from '../../../support/expressions';

const DAY = 864_000_000_000n;
const decimal = (value: string) => cell(new Decimal(value), 'decimal');

describe('rounding', () => {
  it.each([
    [2.98765, 3, 2.988],
    [2.15, 1, 2.2],
    [2.15, 0, 2],
    [-50.55, -2, -100],
    [21.5, -1, 20],
    [-2.5, 0, -3],
  ])('round(%s, %s) is %s', (value, places, expected) => {
    expect(evaluate('round', real(value), long(places))).toBe(expected);
  });

  it('keeps types', () => {
    expect(call('round', int(5))).toEqual({ type: 'int', value: 5 });
    expect(evaluate('round', long(-155), long(-1))).toBe(-160);
    expect(String(evaluate('round', decimal('-2.5')))).toBe('-3');
    expect(String(evaluate('round', decimal('155'), long(-1)))).toBe('160');
    expect(call('ceiling', long(0))).toEqual({ type: 'long', value: 0 });
    expect(evaluate('ceiling', real(-1.1))).toBe(-1);
    expect(call('abs', int(-5))).toEqual({ type: 'long', value: 5 });
    expect(evaluate('abs', timespan(-5n))).toBe(5n);
    expect(call('sign', long(-42))).toEqual({ type: 'real', value: -1 });
  });
});

describe('bin', () => {
  it('rounds down, below zero too', () => {
    expect(call('bin', int(17), long(5))).toEqual({ type: 'long', value: 15 });
    expect(evaluate('bin', long(-7), long(5))).toBe(-10);
    expect(evaluate('bin', real(4.5), long(1))).toBe(4);
    expect(evaluate('floor', real(7.9))).toBe(7);
    expect(evaluate('bin', long(2n ** 62n + 1n), long(10))).toBe(4611686018427387900n);
    expect(evaluate('bin', long(5), long(0))).toBeNull();
    expect(evaluate('bin', timespan(16n * DAY), timespan(7n * DAY))).toBe(14n * DAY);
    expect(evaluate('bin', datetime(3n * DAY + 5n), timespan(DAY))).toBe(3n * DAY);
    expect(String(evaluate('bin', decimal('-0.15'), decimal('0.1')))).toBe('-0.2');
  });

  it('starts at a fixed point', () => {
    expect(evaluate('bin_at', real(6.5), real(2.5), long(7))).toBe(4.5);
    expect(evaluate('bin_at', timespan(DAY / 24n), timespan(DAY), timespan(DAY / 2n))).toBe(-DAY / 2n);
    expect(evaluate('bin_at', long(9), long(5), long(2))).toBe(7);
  });
});

describe('reals', () => {
  it.each([
    ['cot', [1], 0.6420926159343306],
    ['atan2', [-1, 0], -Math.PI / 2],
    ['log', [5], 1.6094379124341003],
    ['exp10', [2], 100],
    ['pow', [2, 3], 8],
    ['degrees', [Math.PI / 4], 45],
    ['radians', [180], Math.PI],
    ['gamma', [5], 24],
    ['gamma', [0.5], Math.sqrt(Math.PI)],
    ['loggamma', [5], Math.log(24)],
    ['loggamma', [100.5], 361.4355404678],
    ['erf', [0.5], 0.5204998778130465],
    ['erf', [-2], -0.9953222650189527],
    ['erfc', [3], 2.209049699858544e-5],
    ['erfc', [-1], 1.8427007929497148],
    ['beta_cdf', [0.9, 10, 20], 0.9999999999999959],
    ['beta_inv', [0.1, 10, 20], 0.226415022388749],
    ['beta_pdf', [0.5, 10, 20], 0.746176019310951],
    ['welch_test', [100, 20, 30, 101, 20, 30], 0.3899],
  ])('%s(%j) is %s', (name, args, expected) => {
    expect(evaluate(name, ...args.map((value) => real(value)))).toBeCloseTo(expected, name === 'welch_test' ? 3 : 9);
  });

  it('is null outside its domain', () => {
    expect(evaluate('sqrt', long(-1))).toBeNull();
    expect(evaluate('log', real(-1))).toBeNull();
    expect(evaluate('acos', real(2))).toBeNull();
    expect(evaluate('exp', real(null))).toBeNull();
  });

  it('is NaN outside the beta distribution, and null for a probability that is none', () => {
    expect(evaluate('beta_cdf', real(1.5), real(10), real(20))).toBeNaN();
    expect(evaluate('beta_cdf', real(0.1), real(-1), real(20))).toBeNaN();
    expect(evaluate('beta_pdf', real(1), real(10), real(20))).toBeNaN();
    expect(evaluate('beta_pdf', real(-10), real(10), real(20))).toBeNaN();
    expect(evaluate('beta_inv', real(1.5), real(10), real(20))).toBeNull();
    expect(evaluate('beta_inv', real(0.1), real(-1), real(20))).toBeNaN();
    expect(evaluate('beta_cdf', real(null), real(1), real(1))).toBeNull();
  });

  it('tells NaN, infinite and finite', () => {
    expect(evaluate('isnan', real(Number.NaN))).toBe(true);
    expect(evaluate('isnan', real(null))).toBe(false);
    expect(evaluate('isinf', real(Number.NEGATIVE_INFINITY))).toBe(true);
    expect(evaluate('isfinite', long(1))).toBe(true);
    expect(evaluate('isfinite', real(Number.NaN))).toBe(false);
  });
});

describe('bits', () => {
  it('works on 64 bits', () => {
    expect(evaluate('binary_and', long(12), long(10))).toBe(8);
    expect(evaluate('binary_or', long(5), long(3))).toBe(7);
    expect(evaluate('binary_xor', long(1), long(2))).toBe(3);
    expect(evaluate('binary_not', long(100))).toBe(-101);
    expect(evaluate('binary_shift_left', long(1), long(66))).toBe(4);
    expect(evaluate('binary_shift_left', long(1), long(63))).toBe(-(2n ** 63n));
    expect(evaluate('binary_shift_right', long(-8), long(1))).toBe(-4);
    expect(evaluate('binary_shift_right', long(8), long(-1))).toBeNull();
    expect(evaluate('bitset_count_ones', long(42))).toBe(3);
    expect(evaluate('bitset_count_ones', long(-1))).toBe(64);
  });

  it('writes hexadecimal numbers', () => {
    expect(evaluate('tohex', long(256))).toBe('100');
    expect(evaluate('tohex', long(-256))).toBe('ffffffffffffff00');
    expect(evaluate('tohex', int(-256), long(8))).toBe('ffffff00');
    expect(evaluate('tohex', long(256), long(8))).toBe('00000100');
    expect(evaluate('tohex', long(256), long(2))).toBe('100');
  });
});

describe('around', () => {
  it('includes both ends', () => {
    expect(evaluate('around', long(5), long(7), long(2))).toBe(true);
    expect(evaluate('around', datetime(50n), datetime(40n), timespan(9n))).toBe(false);
    expect(evaluate('around', long(null), long(7), long(2))).toBeNull();
  });
});
