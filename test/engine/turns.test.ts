import { takeTurns } from '../../src/engine/turns';
import { StoreUnavailable } from '../../src/state/errors';

const never = (): boolean => false;

describe('turns', () => {
  it('are taken in the order of the line; who has more to do stands behind all others', async () => {
    const left = new Map([
      ['a', 3],
      ['b', 1],
      ['c', 2],
    ]);
    const order: string[] = [];
    await takeTurns(['a', 'b', 'c'], {
      width: 1,
      isOver: never,
      turn: async (name) => {
        order.push(name);
        left.set(name, left.get(name)! - 1);
        return left.get(name)! > 0;
      },
    });
    expect(order.join('')).toBe('abcaca');
  });

  it('are taken side by side, no more than are allowed', async () => {
    let now = 0;
    let most = 0;
    await takeTurns([...Array(20).keys()], {
      width: 4,
      isOver: never,
      turn: async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setImmediate(resolve));
        now--;
        return false;
      },
    });
    expect(most).toBe(4);
  });

  it('the first has its turn where no time is left, and nobody else', async () => {
    const served: string[] = [];
    await takeTurns(['a', 'b'], {
      width: 1,
      isOver: () => true,
      turn: async (name) => {
        served.push(name);
        return true;
      },
    });
    expect(served).toEqual(['a']);
  });

  it('a store that fails one stops no other; when it fails several, nothing more is begun', async () => {
    const served: number[] = [];
    const failing = (failures: readonly number[]) =>
      takeTurns([...Array(8).keys()], {
        width: 1,
        isOver: never,
        turn: async (n) => {
          served.push(n);
          if (failures.includes(n)) throw new StoreUnavailable(`of ${n}`);
          return false;
        },
      });
    expect(await failing([2])).toEqual({ outage: new StoreUnavailable('of 2') });
    expect(served).toHaveLength(8);
    served.length = 0;
    await failing([1, 2, 4]);
    expect(served).toEqual([0, 1, 2, 3, 4]);
  });
});
