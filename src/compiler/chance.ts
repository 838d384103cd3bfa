import type { Expr } from '../kql';
import type { Node } from './kusto';
import { literal } from './literals';
import type { Scope } from './scope';
import type { Translation } from './translation';

/** Calls whose results are made of the row that they stand on. */
export const CHANCE_FUNCTIONS: readonly string[] = ['rand', 'new_guid'];

/** Hex digits that make a number which a real holds exactly. */
const DIGITS = 13;

const call = (fn: string, ...args: Expr[]): Expr => ({ k: 'call', fn, args });
const text = (value: string): Expr => literal(value, 'string');
const number = (value: number): Expr => literal(value, 'long');

/**
 * `rand()` and `new_guid()`: a window that is run again must give the same, so they are a hash of the row, another one at each place of the query.
 * Rows that are equal get equal values. https://learn.microsoft.com/kusto/query/rand-function, …/new-guid-function
 */
export function chance(t: Translation, node: Node, args: readonly Expr[], scope: Scope): Expr {
  const name = node.Name.SimpleName;
  t.warn(
    'not-random',
    `${name}() is worked out from the row it stands on, so that a window that is run again gives the same: equal rows get equal values`,
    node.Name,
    scope,
  );
  const row = call(
    'strcat',
    call('tostring', { k: 'packall', ignoreEmpty: false }),
    text(` ${name} ${++t.state.chances}`),
  );
  if (name === 'new_guid') return guidOf(call('hash_md5', row));
  const digits = call('substring', call('hash_sha256', row), number(0), number(DIGITS));
  const fraction = call(
    '/',
    call('toreal', call('tolong', call('strcat', text('0x'), digits))),
    literal(16 ** DIGITS, 'real'),
  );
  const [most] = args;
  // rand(N): one of 0, 1, … N-1.
  return most ? call('floor', call('*', fraction, call('toreal', most)), number(1)) : fraction;
}

/** 32 hex digits as a GUID. */
function guidOf(hex: Expr): Expr {
  const parts: readonly (readonly [from: number, length: number])[] = [
    [0, 8],
    [8, 4],
    [12, 4],
    [16, 4],
    [20, 12],
  ];
  return call(
    'toguid',
    call(
      'strcat_delim',
      text('-'),
      ...parts.map(([from, length]) => call('substring', hex, number(from), number(length))),
    ),
  );
}
