import { triggerFires } from '../../src/alerts/trigger';

describe('triggerFires', () => {
  it.each([
    ['GreaterThan', [false, false, true]],
    ['GreaterThanOrEqual', [false, true, true]],
    ['LessThan', [true, false, false]],
    ['LessThanOrEqual', [true, true, false]],
    ['Equal', [false, true, false]],
    ['NotEqual', [true, false, true]],
  ])('%s', (operator, expected) => {
    expect([1, 2, 3].map((count) => triggerFires({ operator, threshold: 2 }, count))).toEqual(expected);
  });

  it('refuses an operator it does not know', () => {
    expect(() => triggerFires({ operator: 'constructor', threshold: 0 }, 1)).toThrow(RangeError);
  });
});
