import { ABSENT, MAX_NUMBER, ODD } from '../scan';
import type { Alternative } from './alternatives';
import { Candidates, type SetNumbers } from './candidates';

/** More different values of a column, and it does not decide. */
const MAX_VALUES = 1_000;

/** The alternatives of one table, by the value of the column that most of them ask for. */
export class TableFilter {
  /** The column that decides; undefined: none does. */
  readonly column: string | undefined;
  /** Key of that column. */
  readonly key: number | undefined;
  private readonly byNumber = new Map<number, Candidates>();
  /** Of a record that has another value, or none. */
  private readonly others: Candidates;
  /** Of a record whose value may be any. */
  readonly all: Candidates;

  /** `column`: the one that decides, where it is known. */
  constructor(
    alternatives: readonly Alternative[],
    keyOf: (column: string) => number | undefined,
    setOf: SetNumbers,
    column = mostAsked(alternatives),
  ) {
    const make = (list: readonly Alternative[]) =>
      new Candidates(
        list.map((one) => ({ ...one, numbers: one.numbers.filter((number) => number.column !== column) })),
        keyOf,
        setOf,
      );
    const key = column === undefined ? undefined : keyOf(column);
    const values = new Set(alternatives.flatMap((one) => valuesOf(one, column) ?? []));
    const decides = key !== undefined && values.size <= MAX_VALUES;
    this.column = decides ? column : undefined;
    this.key = decides ? key : undefined;
    this.all = make(alternatives);
    this.others = decides ? make(alternatives.filter((one) => !valuesOf(one, column))) : this.all;
    if (decides)
      for (const value of values)
        this.byNumber.set(value, make(alternatives.filter((one) => valuesOf(one, column)?.includes(value) ?? true)));
  }

  /**
   * Numbers whose rows some leg may let through, where no leg asks for other rows, and no row without one; undefined: it does.
   */
  get askedNumbers(): readonly number[] | undefined {
    if (!this.others.isEmpty) return undefined;
    const numbers = [...this.byNumber].flatMap(([number, { isEmpty }]) => (isEmpty ? [] : [number]));
    return numbers.every((number) => number >= 0 && number <= MAX_NUMBER) ? numbers : undefined;
  }

  /** `number`: what the column that decides holds. */
  candidates(number: number): Candidates {
    if (number === ODD) return this.all;
    return (number === ABSENT ? undefined : this.byNumber.get(number)) ?? this.others;
  }
}

const valuesOf = ({ numbers }: Alternative, column: string | undefined): readonly number[] | undefined =>
  numbers.find((one) => one.column === column)?.values;

function mostAsked(alternatives: readonly Alternative[]): string | undefined {
  const asked = new Map<string, number>();
  for (const { numbers } of alternatives)
    for (const { column } of numbers) asked.set(column, (asked.get(column) ?? 0) + 1);
  return [...asked].sort(([, a], [, b]) => b - a)[0]?.[0];
}
