import { holds, type Result } from '../../bench/frame/measure';
import { figure, resultText } from '../../bench/frame/print';
import { summaryOf } from '../../bench/frame/statistics';

const result: Result = {
  name: 'some',
  title: 'something',
  unit: 'events/s',
  wall: summaryOf([1000, 3000, 2000]),
  cpu: summaryOf([4000, 2000]),
  ratio: { to: 'JSON.parse', cpu: summaryOf([0.5]) },
  floor: { of: 'ratio.cpu', atLeast: 0.4 },
  sizes: { rules: 1200 },
};

test('the figure of rounds is their median, with the least and the most beside it', () => {
  expect(result.wall).toEqual({ median: 2000, min: 1000, max: 3000, rounds: 3 });
  expect(result.cpu?.median).toBe(3000);
  expect(() => summaryOf([])).toThrow(RangeError);
});

test('a floor is judged by the figure that it names', () => {
  expect(holds(result)).toBe(true);
  expect(holds({ ...result, floor: { of: 'ratio.cpu', atLeast: 0.6 } })).toBe(false);
  expect(holds({ ...result, floor: { of: 'wall', atMost: 1999 } })).toBe(false);
  expect(holds({ ...result, floor: { of: 'cpu', atLeast: 3000, atMost: 3000 } })).toBe(true);
  // What was not measured does not hold.
  expect(holds({ ...result, floor: { of: 'ratio.wall', atLeast: 0 } })).toBe(false);
  expect(holds({ ...result, floor: undefined })).toBeUndefined();
});

test('a result is told with its spread, its floor and what it was measured on', () => {
  expect(resultText(result).split('\n')).toEqual([
    'something  [some]',
    '  wall       2,000 (1,000–3,000, 3 rounds) events/s',
    '  processor  3,000 (2,000–4,000, 2 rounds) events/s',
    '  processor  0.5 × JSON.parse',
    '  must be    at least 0.4 (ratio, processor): holds, 0.5',
    '  on         rules 1,200',
  ]);
  expect([1234567.8, 99.96, 12.345, 0.01234].map(figure)).toEqual(['1,234,568', '100', '12.3', '0.0123']);
});
