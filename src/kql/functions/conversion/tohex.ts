import { defineFunction } from '../define';

/** Two's complement, 32 bits wide for an int, else 64; `minLength` pads with zeros to at most 16 digits. */
export const toHex = defineFunction({
  name: 'tohex',
  docs: 'tohex-function',
  params: ['number', 'long'],
  optional: 1,
  returns: 'string',
  bind([value]) {
    const bits = value!.type === 'int' ? 32 : 64;
    return (given: number | bigint, minLength: number | bigint = 1) => {
      const length = Math.max(0, Math.min(16, Number(minLength)));
      const whole = typeof given === 'bigint' ? given : BigInt(Math.trunc(Number(given)));
      return BigInt.asUintN(bits, whole).toString(16).padStart(length, '0');
    };
  },
});
