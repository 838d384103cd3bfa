import { EditedText } from '../../src/compiler/edited-text';

/** Where a piece of text stands in the edited query, and in the query as it was written. */
const placeOf = (edited: EditedText, part: string): [number, number] => [
  edited.text.indexOf(part),
  edited.originalOf(edited.text.indexOf(part)),
];

describe('EditedText', () => {
  it('leads back over edits of edits', () => {
    const written = 'A | wher x == 1 summarise count()';
    const first = EditedText.of(written).replace({ start: 4, length: 4 }, 'where');
    const second = first.replace({ start: first.text.indexOf('summarise'), length: 0 }, '| ');
    const third = second.replace({ start: second.text.indexOf('summarise'), length: 9 }, 'summarize');
    expect(third.text).toBe('A | where x == 1 | summarize count()');
    expect(placeOf(third, 'x ==')).toEqual([10, 9]);
    expect(placeOf(third, '| summarize')).toEqual([17, 16]);
    expect(placeOf(third, 'count()')).toEqual([29, 26]);
    expect(written.slice(third.originalOf(29))).toBe('count()');
    expect(third.originalOf(third.text.length)).toBe(written.length);
    expect(third.original).toBe(written);
  });

  it('gives the stretch that stands for what was put in', () => {
    const edited = EditedText.of('union T* | count').replace({ start: 6, length: 2 }, 'T1, T2, T3');
    expect(edited.text).toBe('union T1, T2, T3 | count');
    // In the middle of what was put in: all of what it replaces.
    expect(edited.spanOf({ start: edited.text.indexOf('T2'), length: 2 })).toEqual({ start: 6, length: 2 });
    expect(edited.spanOf({ start: 0, length: edited.text.length })).toEqual({ start: 0, length: 16 });
    expect(edited.spanOf({ start: edited.text.indexOf('count'), length: 5 })).toEqual({ start: 11, length: 5 });
    expect(edited.spanOf({ start: edited.text.length, length: 1 })).toEqual({ start: 16, length: 1 });
  });

  it('replaces what was put in', () => {
    const once = EditedText.of('a bb c').replace({ start: 2, length: 2 }, '12345');
    const twice = once.replace({ start: 4, length: 4 }, 'XY');
    expect(twice.text).toBe('a 12XYc');
    expect(twice.originalOf(4)).toBe(2);
    expect(twice.originalOf(6)).toBe(5);
    const gone = once.replace({ start: 2, length: 5 }, '');
    expect(gone.text).toBe('a  c');
    expect(gone.originalOf(3)).toBe(5);
  });

  it('blanks a stretch and keeps the lines and every offset', () => {
    const edited = EditedText.of('ab\ncd ef').replace({ start: 0, length: 1 }, 'xyz').blank({ start: 3, length: 4 });
    expect(edited.text).toBe('xyz \n   ef');
    expect(edited.originalOf(edited.text.indexOf('ef'))).toBe(6);
    expect(edited.originalOf(5)).toBe(3);
  });
});
