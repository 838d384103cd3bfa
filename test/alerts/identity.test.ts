import { execFileSync } from 'node:child_process';
import { resultAlertIds, runAlertId } from '../../src/alerts/identity';
import { table, WINDOW } from './sample';

const ID = '50cbf34a-4cdd-45d7-b3f5-8b53a1d0d14f';

describe('runAlertId', () => {
  it('is a GUID that depends on rule and window alone', () => {
    const id = runAlertId(ID, WINDOW);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(runAlertId(ID.toUpperCase(), { ...WINDOW })).toBe(id);
    expect(runAlertId(ID, { ...WINDOW, end: WINDOW.start })).not.toBe(id);
    expect(runAlertId(ID.replace('5', '6'), WINDOW)).not.toBe(id);
  });

  it('is the same in another process, computed by the documented recipe', () => {
    const script = `
      const parts = ['outrider/alert/1', 'run', '${ID}', '${WINDOW.start}', '${WINDOW.end}'];
      const hex = require('node:crypto').createHash('sha256').update(JSON.stringify(parts)).digest('hex');
      process.stdout.write(hex.slice(0, 12) + hex.slice(13, 16) + hex.slice(17, 32));`;
    const expected = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    const id = runAlertId(ID, WINDOW).replaceAll('-', '');
    expect(id.slice(0, 12) + id.slice(13, 16) + id.slice(17)).toBe(expected);
  });
});

describe('resultAlertIds', () => {
  const rows = table({ Computer: 'a', Count: 1 }, { Computer: 'b', Count: 2 });

  it('follows the keys of the summarize: a count that grows keeps its id', () => {
    const grown = table({ Computer: 'a', Count: 5 }, { Computer: 'b', Count: 2 });
    expect(resultAlertIds(ID, WINDOW, grown, ['Computer'])).toEqual(resultAlertIds(ID, WINDOW, rows, ['Computer']));
    expect(resultAlertIds(ID, WINDOW, grown)[0]).not.toBe(resultAlertIds(ID, WINDOW, rows)[0]);
  });

  it('does not depend on the order of rows, columns or object keys', () => {
    const ids = resultAlertIds(ID, WINDOW, table({ A: { x: 1, y: 2 }, B: 'b' }, { A: 'z', B: 'c' }));
    const reordered = resultAlertIds(ID, WINDOW, table({ B: 'c', A: 'z' }, { B: 'b', A: { y: 2, x: 1 } }));
    expect(reordered).toEqual([ids[1], ids[0]]);
  });

  it('tells alike rows apart by an ordinal that follows their content', () => {
    const ids = resultAlertIds(ID, WINDOW, table({ K: 'a', V: 1 }, { K: 'a', V: 2 }, { K: 'a', V: 1 }), ['K']);
    expect(new Set(ids).size).toBe(3);
    const shuffled = resultAlertIds(ID, WINDOW, table({ K: 'a', V: 2 }, { K: 'a', V: 1 }, { K: 'a', V: 1 }), ['K']);
    expect(shuffled[0]).toBe(ids[1]);
    expect(new Set(shuffled)).toEqual(new Set(ids));
  });

  it('uses all columns if a key column is not in the result, and separates values from names', () => {
    expect(resultAlertIds(ID, WINDOW, rows, ['Gone'])).toEqual(resultAlertIds(ID, WINDOW, rows));
    const [first, second] = [table({ a: 'b,c', d: '' }), table({ a: 'b', d: 'c' })].map(
      (each) => resultAlertIds(ID, WINDOW, each)[0],
    );
    expect(first).not.toBe(second);
    expect(resultAlertIds(ID, WINDOW, table({ a: null }))[0]).not.toBe(
      resultAlertIds(ID, WINDOW, table({ a: 'null' }))[0],
    );
  });

  it('takes a key set without columns as one group', () => {
    expect(new Set(resultAlertIds(ID, WINDOW, rows, [])).size).toBe(2);
  });
});
