import { changesBetween } from '../../web/alert/changes';
import { matrixOf } from '../../web/alert/matrix';
import type { AlertRecord } from '../../web/alert/record';

const alert = (changes: object): AlertRecord =>
  ({
    Revision: 1,
    TimeGenerated: 'a',
    AlertName: 'n',
    Status: 'New',
    Results: [{ Computer: 'x', Count: 1 }],
    Entities: [],
    ...changes,
  }) as unknown as AlertRecord;

describe('revisions side by side', () => {
  it('say which fields and cells changed, and which rows came and went', () => {
    const after = {
      Revision: 2,
      TimeGenerated: 'b',
      AlertName: 'm',
      Results: [
        { Computer: 'x', Count: 2 },
        { Computer: 'y', Count: 1 },
      ],
    };
    expect(changesBetween(alert({}), alert(after))).toEqual([
      { field: 'AlertName', before: 'n', after: 'm' },
      { field: 'Result 1, Count', before: '1', after: '2' },
      { field: 'Result 2', before: '', after: '{"Computer":"y","Count":1}' },
    ]);
    expect(changesBetween(alert({}), alert({ Results: [] }))).toEqual([
      { field: 'Result 1', before: '{"Computer":"x","Count":1}', after: '' },
    ]);
    expect(changesBetween(alert({}), alert({ Revision: 2, TimeGenerated: 'b' }))).toEqual([]);
  });
});

describe('the matrix', () => {
  it('counts the alerts in force of the rules of a technique, under each of their tactics in kill-chain order', () => {
    const rule = (id: string, tactics: string[], techniques: string[]) =>
      ({ id, name: id, tactics, techniques }) as never;
    const rules = [rule('a', ['LateralMovement', 'Execution'], ['T1021.003']), rule('b', ['Execution'], [])];
    const found = (ruleId: string, isWithdrawn: boolean) => ({ ruleId, isWithdrawn }) as never;
    const columns = matrixOf(rules, [found('a', false), found('a', true), found('b', false), found('gone', false)]);
    // Tactics that no rule covers are there too: gaps are what the matrix is looked at for.
    expect(columns.map(({ tactic }) => tactic).slice(0, 14)).toEqual(
      expect.arrayContaining(['Reconnaissance', 'Execution', 'Lateral Movement', 'Impact']),
    );
    const covered = columns.filter(({ cells }) => cells.length > 0);
    expect(
      covered.map(({ tactic, cells }) => [tactic, cells.map(({ technique, alerts }) => [technique, alerts])]),
    ).toEqual([
      [
        'Execution',
        [
          ['', 1],
          ['T1021.003', 1],
        ],
      ],
      ['Lateral Movement', [['T1021.003', 1]]],
    ]);
  });
});
