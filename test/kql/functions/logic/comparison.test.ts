import Decimal from 'decimal.js';
import { bool, datetime, dynamic, evaluate, int, long, real, text, timespan } from '../../../support/expressions';

describe('== and !=', () => {
  it('takes one null as not equal, two as null', () => {
    expect(evaluate('==', int(null), long(1))).toBe(false);
    expect(evaluate('!=', int(null), long(1))).toBe(true);
    expect(evaluate('==', int(null), int(null))).toBeNull();
    expect(evaluate('!=', int(null), int(null))).toBeNull();
  });

  it('compares numbers of all kinds by value', () => {
    expect(evaluate('==', long(1), real(1))).toBe(true);
    expect(evaluate('==', long(2n ** 60n), long(2n ** 60n))).toBe(true);
    expect(evaluate('==', real(Number.NaN), real(Number.NaN))).toBe(false);
    const decimal = { type: 'decimal', eval: () => new Decimal('1.50') } as const;
    expect(evaluate('==', decimal, real(1.5))).toBe(true);
    expect(evaluate('==', bool(true), long(1))).toBe(true);
  });

  it('converts a string or dynamic to the other side', () => {
    expect(evaluate('==', long(4625), text('4625'))).toBe(true);
    expect(evaluate('==', text('x'), long(4625))).toBe(false);
    expect(evaluate('!=', text('x'), long(4625))).toBe(true);
    expect(evaluate('==', dynamic(4625), long(4625))).toBe(true);
    expect(evaluate('==', dynamic(1.5), long(1))).toBe(false);
    expect(evaluate('==', dynamic('a'), text('a'))).toBe(true);
    expect(evaluate('==', dynamic(null), text(''))).toBe(true);
    expect(evaluate('==', dynamic(null), long(1))).toBe(false);
    expect(evaluate('==', dynamic([1, 'a']), dynamic([1, 'a']))).toBe(true);
    expect(evaluate('==', datetime(0n), text('0001-01-01'))).toBe(true);
    expect(evaluate('==', timespan(36_000_000_000n), text('01:00:00'))).toBe(true);
  });
});

describe('=~ and !~', () => {
  it('ignores case and nothing else', () => {
    expect(evaluate('=~', text('aBc'), text('AbC'))).toBe(true);
    expect(evaluate('=~', text('abc '), text('abc'))).toBe(false);
    expect(evaluate('!~', text('a'), text('b'))).toBe(true);
    expect(evaluate('=~', text('ÀÉ'), text('àé'))).toBe(true);
    expect(evaluate('=~', dynamic('x'), text('X'))).toBe(true);
  });

  it('folds each UTF-16 unit alone, and never to ASCII', () => {
    expect(evaluate('=~', text('straße'), text('STRASSE'))).toBe(false);
    expect(evaluate('=~', text('ſ'), text('s'))).toBe(false);
    expect(evaluate('=~', text('ı'), text('I'))).toBe(false);
    expect(evaluate('contains', text('xßy'), text('Y'))).toBe(true);
  });
});

describe('<, <=, >, >=', () => {
  it('gives null with a null, false with NaN', () => {
    expect(evaluate('<', long(null), long(1))).toBeNull();
    expect(evaluate('<', real(Number.NaN), long(1))).toBe(false);
    expect(evaluate('>=', real(Number.NaN), real(Number.NaN))).toBe(false);
  });

  it('orders numbers, bools, datetimes, timespans and dynamics', () => {
    expect(evaluate('<', long(2n ** 60n), long(2n ** 60n + 1n))).toBe(true);
    expect(evaluate('<', long(2n ** 60n), real(1e18))).toBe(false);
    expect(evaluate('>', bool(true), bool(false))).toBe(true);
    expect(evaluate('<', datetime(1n), datetime(2n))).toBe(true);
    expect(evaluate('>=', timespan(2n), timespan(2n))).toBe(true);
    expect(evaluate('<', dynamic(1.5), long(2))).toBe(true);
    expect(evaluate('<', dynamic('12'), dynamic('2'))).toBe(true);
    expect(evaluate('<', dynamic([1]), long(2))).toBeNull();
  });
});

describe('between', () => {
  it('includes both ends', () => {
    expect(evaluate('between', long(2), long(2), real(3.5))).toBe(true);
    expect(evaluate('between', long(4), long(2), real(3.5))).toBe(false);
    expect(evaluate('!between', long(4), long(2), long(3))).toBe(true);
  });

  it('is null unless one end decides', () => {
    expect(evaluate('between', long(4), long(null), long(3))).toBe(false);
    expect(evaluate('between', long(2), long(null), long(3))).toBeNull();
    expect(evaluate('!between', long(null), long(1), long(3))).toBeNull();
  });

  it('takes an end relative to a datetime', () => {
    expect(evaluate('between', datetime(15n), datetime(10n), timespan(5n))).toBe(true);
    expect(evaluate('between', datetime(16n), datetime(10n), timespan(5n))).toBe(false);
  });
});

describe('in', () => {
  it('is OR of ==, with arrays spread', () => {
    expect(evaluate('in', text('b'), text('a'), text('b'))).toBe(true);
    expect(evaluate('in', text('B'), dynamic(['a', 'b']))).toBe(false);
    expect(evaluate('in~', text('B'), dynamic(['a', 'b']), text('c'))).toBe(true);
    expect(evaluate('!in', long(null), long(1), long(2))).toBe(true);
    expect(evaluate('in', long(null), long(1), long(2))).toBe(false);
    expect(evaluate('in', long(null), long(1), long(null))).toBeNull();
    expect(evaluate('in', int(2), long(1), long(2), long(3), long(4))).toBe(true);
    expect(evaluate('in', long(1), text('1'), text('2'))).toBe(true);
    expect(evaluate('in', dynamic('b'), text('a'), text('b'), text('c'))).toBe(true);
    expect(evaluate('in', dynamic(2), long(1), long(2))).toBe(true);
    expect(evaluate('!in~', text('x'), text('X'))).toBe(false);
    expect(evaluate('in', text('a'), dynamic([]))).toBe(false);
  });
});
