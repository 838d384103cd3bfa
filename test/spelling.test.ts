import { didYouMean, nearest } from '../src/spelling';

describe('nearest', () => {
  it('finds near names only', () => {
    expect(nearest('queryFrequencey', ['queryFrequency', 'queryPeriod'])).toBe('queryFrequency');
    expect(nearest('qureyPeriod', ['queryFrequency', 'queryPeriod'])).toBe('queryPeriod');
    expect(nearest('TAGS', ['tags'])).toBe('tags');
    expect(nearest('zzz', ['tags', 'kind'])).toBeUndefined();
  });

  it('takes two letters in the wrong order for one mistake', () => {
    expect(nearest('tgas', ['tags'])).toBe('tags');
    expect(nearest('wheer', ['where'])).toBe('where');
  });

  it('lets a third of the letters differ', () => {
    expect(nearest('sumarise', ['summarize'])).toBe('summarize');
    expect(nearest('abcdefgh', ['abcdexyz'])).toBeUndefined();
    expect(nearest('abcdefghi', ['abcdefxyz'])).toBe('abcdefxyz');
  });

  it('says it in a sentence, or nothing', () => {
    expect(didYouMean('kimd', ['kind'])).toBe(' Did you mean "kind"?');
    expect(didYouMean('x', ['kind'])).toBe('');
  });
});
