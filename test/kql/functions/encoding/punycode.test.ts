import { evaluate, text } from '../../../support/expressions';

const run = (name: string, value: string): unknown => evaluate(name, text(value));

describe('punycode', () => {
  it.each([
    ['académie-française', 'acadmie-franaise-npb1a'],
    ['艺术', 'cqv902d'],
    ['bücher', 'bcher-kva'],
    ['Pročprostěnemluvíčesky', 'Proprostnemluvesky-uyb24dma41a'],
    ['😀', 'e28h'],
  ])('%s is %s', (plain, encoded) => {
    expect(run('punycode_from_string', plain)).toBe(encoded);
    expect(run('punycode_to_string', encoded)).toBe(plain);
  });

  it('takes domain names label by label', () => {
    const encoded = 'xn--Ry-lja8c.xn--Jng-uta63a.xn--Bng-9ka.com';
    expect(run('punycode_domain_from_string', encoded)).toBe('Rúyì.Jīngū.Bàng.com');
    expect(run('punycode_domain_to_string', 'Rúyì.Jīngū.Bàng.com')).toBe(encoded);
    expect(run('punycode_domain_from_string', 'plain.example')).toBe('plain.example');
  });

  it('gives "" for what is none', () => {
    expect(run('punycode_to_string', 'é')).toBe('');
    expect(run('punycode_to_string', '99999999')).toBe('');
    expect(run('punycode_domain_from_string', 'xn--!!.com')).toBe('');
    expect(run('punycode_from_string', 'é'.repeat(5000))).toBe('');
  });
});
