import { EditedText } from '../../src/compiler/edited-text';
import { createDatabase, parse } from '../../src/compiler/kusto';
import { writeOutViews } from '../../src/compiler/wildcards';
import { queryTable, runQuery, testCompiler } from '../support/kql';

const VIEWS = 'let V_1 = view () { print x=1 }; let V_2 = view () { print x=2 }; let V_3 = () { print x=3 };';

describe('wildcards in union', () => {
  it('stand for views, not for other functions', () => {
    expect(queryTable(`${VIEWS} union V_*`).rows).toEqual([[1], [2]]);
    expect(queryTable(`${VIEWS} union withsource=T V_*, V_3 | where x > 1`).rows).toEqual([
      ['V_2', 2],
      ['V_3', 3],
    ]);
    expect(
      queryTable('let K1 = view () { print s="a cow", n=2 }; union K* | where * has "cow" or n == 3').rows,
    ).toEqual([['a cow', 2]]);
  });

  it('stand for views and tables together', () => {
    const compiler = testCompiler([{ name: 'V_Table', columns: [{ name: 'x', type: 'long' }] }]);
    const scan = () => [[7]];
    expect(runQuery(compiler, `${VIEWS} union V_*`, { scan }).rows).toEqual([[7], [1], [2]]);
    expect(runQuery(compiler, 'union withsource=T V_*', { scan }).rows).toEqual([['V_Table', 7]]);
  });

  it('of a fuzzy union may match nothing, all of them may not', () => {
    expect(queryTable(`${VIEWS} union isfuzzy=true V_*, Other* | count`).rows).toEqual([[2]]);
    expect(() => queryTable(`${VIEWS} union V_*, Other*`)).toThrow('Other*');
    expect(() => queryTable('union isfuzzy=true Other*, Another | count')).toThrow('none of the tables');
  });

  it('keep the places of what is wrong', () => {
    const text = `${VIEWS} union V_*, V_* | where nope == 1`;
    const full = writeOutViews(EditedText.of(text), parse(text, createDatabase([])).root, []);
    expect(full.text).toContain('union V_1, V_2, V_1, V_2 | where');
    expect(full.originalOf(full.text.indexOf('nope'))).toBe(text.indexOf('nope'));
    expect(full.originalOf(full.text.lastIndexOf('V_2'))).toBe(text.lastIndexOf('V_*'));
    expect(full.originalOf(3)).toBe(3);
    expect(() => queryTable(text)).toThrow(`@${text.indexOf('nope')}`);
  });

  it('keep the place of what only shows when the plan is prepared', () => {
    const text = `${VIEWS} union V_* | where tostring(x) matches regex "("`;
    expect(() => queryTable(text)).toThrow(`@${text.indexOf('tostring')}`);
  });
});
