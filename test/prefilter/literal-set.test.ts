import fc from 'fast-check';
import { LiteralSet } from '../../src/prefilter/literal-set';

jest.setTimeout(60_000);

const letters = fc.string({
  unit: fc.constantFrom('a', 'b', 'B', '1', ' ', '.', '-', '_'),
  minLength: LiteralSet.MIN_LENGTH,
  maxLength: 24,
});

describe('LiteralSet', () => {
  it('finds what a search one by one finds', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(letters, { minLength: 1, maxLength: 30 }),
        fc.array(letters, { maxLength: 20 }),
        fc.uint8Array({ maxLength: 20 }),
        (literals, parts, noise) => {
          const wanted = literals.map((literal) => literal.toLowerCase());
          const text = Buffer.concat([Buffer.from(parts.join('')), noise, Buffer.from(literals[0]!.toUpperCase())]);
          const folded = text.toString('latin1').replace(/[A-Z]/g, (letter) => letter.toLowerCase());
          expect([...new LiteralSet(wanted).search(text)]).toEqual(
            wanted.map((literal) => (folded.includes(literal) ? 1 : 0)),
          );
        },
      ),
    );
  });

  it('finds a literal at either end, and none in a text shorter than it', () => {
    const set = new LiteralSet(['mmc.exe -embedding', 'svchost.exe']);
    expect([...set.search(Buffer.from('MMC.exe -Embedding|SVCHOST.EXE'))]).toEqual([1, 1]);
    expect([...set.search(Buffer.from('svchost.ex'))]).toEqual([0, 0]);
    expect([...set.search(Buffer.alloc(0))]).toEqual([0, 0]);
  });
});
