import { bool, call, dynamic, evaluate, int, long, real, text } from '../../../support/expressions';

describe('iff and case', () => {
  it('takes null as false', () => {
    expect(evaluate('iff', bool(null), text('t'), text('e'))).toBe('e');
    expect(evaluate('case', bool(null), text('x'), text('other'))).toBe('other');
    expect(evaluate('case', bool(false), text('a'), bool(true), text('b'), text('c'))).toBe('b');
    expect(() => call('case', bool(true), text('a'), bool(false), text('b'))).toThrow('pairs');
  });

  it('finds the common type as the binder does', () => {
    expect(call('iff', bool(true), int(1), long(2)).type).toBe('long');
    expect(call('iif', bool(true), long(1), real(1.5))).toEqual({ type: 'real', value: 1 });
    expect(call('iff', bool(false), long(1), text('a'))).toEqual({ type: 'dynamic', value: 'a' });
    expect(call('iff', bool(true), dynamic(5), long(1))).toEqual({ type: 'long', value: 5 });
  });
});

describe('nulls', () => {
  it('coalesces to the first that is not null or empty', () => {
    expect(call('coalesce', int(null), long(42), long(33))).toEqual({ type: 'long', value: 42 });
    expect(evaluate('coalesce', text(''), text('x'))).toBe('x');
    expect(evaluate('coalesce', text(''), text(''))).toBe('');
  });

  it('tells null and empty', () => {
    expect(evaluate('isnull', text(''))).toBe(false);
    expect(evaluate('isnull', dynamic(null))).toBe(true);
    expect(evaluate('isempty', text(''))).toBe(true);
    expect(evaluate('isempty', dynamic(''))).toBe(true);
    expect(evaluate('isempty', dynamic([]))).toBe(false);
    expect(evaluate('notempty', text(' '))).toBe(true);
    expect(evaluate('notnull', long(null))).toBe(false);
    expect(evaluate('not', bool(null))).toBeNull();
  });

  it('finds extremes among what is not null', () => {
    expect(call('max_of', int(null), long(2), long(1))).toEqual({ type: 'long', value: 2 });
    expect(evaluate('min_of', long(10), long(1), long(-3), long(17))).toBe(-3);
    expect(evaluate('max_of', int(null), int(null))).toBeNull();
    expect(evaluate('max_of', text('a'), text('b'))).toBe('b');
  });
});

describe('conversions', () => {
  it('gives null where a value does not convert', () => {
    expect(evaluate('toint', text('x'))).toBeNull();
    expect(evaluate('toint', real(2.3))).toBe(2);
    expect(evaluate('tolong', text('0x1F'))).toBe(31);
    expect(evaluate('todouble', text('1e3'))).toBe(1000);
    expect(evaluate('tobool', long(123))).toBe(true);
    expect(evaluate('toboolean', text('FALSE'))).toBe(false);
    expect(evaluate('tostring', long(null))).toBe('');
    expect(evaluate('totime', text('0.00:03:00'))).toBe(1_800_000_000n);
    expect(evaluate('toguid', text('0123456789abcdef0123456789abcdef'))).toBe('01234567-89ab-cdef-0123-456789abcdef');
    expect(String(evaluate('todecimal', text('123.45678')))).toBe('123.45678');
    expect(evaluate('toupper', text('é'))).toBe('É');
  });
});

describe('assert', () => {
  it('fails the run', () => {
    expect(evaluate('assert', bool(true), text('fine'))).toBe(true);
    expect(() => call('assert', bool(false), text('length'))).toThrow('assertion failed: length');
  });
});
