import { decodeValue, encodeValue } from '../../../src/kql';
import { toText } from '../../../src/kql/values/convert';
import { call, column } from '../../support/expressions';
import { queryTable } from '../../support/kql';

const decimal = (text: string) => call('todecimal', column(text, 'string')).value;

describe('the range of a decimal', () => {
  it('is that of decimal128: what is larger is null, what is smaller is 0', () => {
    expect(toText(decimal('9e6144'), 'decimal')).toHaveLength(6145);
    for (const text of ['9e6145', '-9e6145', '9e999999999', `1e${'9'.repeat(1000)}`, '9'.repeat(7000)])
      expect(decimal(text)).toBeNull();
    for (const text of ['1e-7000', '9e-999999999']) expect(toText(decimal(text), 'decimal')).toBe('0');
  });

  it('has 34 digits', () => {
    expect(toText(decimal('12345678901234567890123456789012345678'), 'decimal')).toBe(
      '12345678901234567890123456789012350000',
    );
  });

  it('holds for what is worked out, added up and kept', () => {
    const big = column(decimal('9e6144'), 'decimal');
    for (const operator of ['+', '*']) expect(call(operator, big, big).value).toBeNull();
    expect(call('/', big, column(decimal('1e-9'), 'decimal')).value).toBeNull();
    expect(toText(call('%', big, column(decimal('7'), 'decimal')).value, 'decimal')).toMatch(/^[0-6](\.|$)/);
    expect(decodeValue('9e999999999', 'decimal')).toBeNull();
    expect(encodeValue(decimal('9e6144'), 'decimal')).toBe('9e+6144');
    expect(
      queryTable(
        'print x = dynamic([1, 2]) | mv-expand x | summarize s = sum(todecimal("9e6144")), a = avg(todecimal("9e6144"))',
      ).rows,
    ).toEqual([[null, `9${'0'.repeat(6144)}`]]);
  });

  it('a literal beyond it is refused', () => {
    expect(() => queryTable('print decimal(9e999999999)')).toThrow(/9e999999999/);
  });
});
