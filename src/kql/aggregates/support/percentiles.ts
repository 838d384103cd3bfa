import Decimal from 'decimal.js';
import { invalid } from '../../errors';
import type { ArgInfo } from '../../functions/define';
import { convert } from '../../values/convert';
import { toDynamic } from '../../values/dynamic';
import type { Dynamic, ScalarType, Value } from '../../values/types';
import { type Aggregate, type BoundAggregate, defineAggregate } from '../define';
import { plainZero } from './extreme';
import { Quantiles } from './quantiles';
import { numberOf } from './summable';

interface Options {
  readonly name: string;
  readonly docs?: string;
  /** The second argument is how often each value counts. */
  readonly weighted: boolean;
  /** All percentiles in one array. */
  readonly array: boolean;
}

/** The type in which values are kept and given back. Throws KqlError for one that has no percentiles. */
export function resultType(name: string, type: ScalarType): ScalarType {
  switch (type) {
    case 'int':
    case 'long':
      return 'long';
    case 'real':
    case 'decimal':
    case 'dynamic':
      return 'real';
    case 'datetime':
    case 'timespan':
      return type;
    default:
      throw invalid(`${name}() cannot take values of type ${type}`);
  }
}

/** The percentiles asked for: constants, or items of a constant array. */
function percentsOf(name: string, args: readonly ArgInfo[]): number[] {
  const percents = args.flatMap((arg) => {
    if (!arg.constant) throw invalid(`${name}() takes constant percentiles`);
    const items = arg.type === 'dynamic' && Array.isArray(arg.value) ? arg.value : [arg.value];
    return items.map((item) => (arg.type === 'dynamic' ? numberOf(item as Dynamic) : convert(item, arg.type, 'real')));
  });
  return percents.map((percent) => {
    const number = percent instanceof Decimal ? percent.toNumber() : percent;
    if (typeof number !== 'number' || !(number >= 0 && number <= 100)) {
      throw invalid(`${name}() takes percentiles from 0 to 100`);
    }
    return number;
  });
}

/** Collects the values of the first argument; `weighted`: the second is how often each counts. The result is the caller's. */
export function collectQuantiles(
  name: string,
  args: readonly ArgInfo[],
  weighted: boolean,
): Omit<BoundAggregate<Quantiles>, 'result'> {
  const from = args[0]!.type;
  const to = resultType(name, from);
  return {
    init: () => new Quantiles(to),
    add(state, cells) {
      const cell = cells[0]!;
      const value = from === 'dynamic' ? numberOf(cell as Dynamic) : convert(cell, from, to);
      const weight = weighted ? Number(cells[1] ?? 0) : 1;
      if (value !== null && !Number.isNaN(value as number) && weight > 0) {
        state.add(plainZero(value), weight);
      }
    },
    merge: (into, other) => into.merge(other),
    save: (state) => state.save(),
    load: (saved) => Quantiles.load(saved, to),
  };
}

/** percentile, percentiles, percentilesw, …: see `Quantiles` for how exact they are. */
export function percentilesAggregate({ name, docs, weighted, array }: Options): Aggregate {
  const values = weighted ? 2 : 1;
  const type = (args: readonly ArgInfo[]): ScalarType => resultType(name, args[0]!.type);
  return defineAggregate({
    name,
    docs: docs ?? 'percentiles-aggregation-function',
    params: weighted ? ['any', 'long', 'any'] : ['any', 'any'],
    rest: 'any',
    returns: (args) => (array ? ['dynamic'] : args.slice(values).map(() => type(args))),
    bind(args): BoundAggregate<Quantiles> {
      const to = type(args);
      const percents = percentsOf(name, args.slice(values));
      return {
        ...collectQuantiles(name, args, weighted),
        result(state): Value[] {
          const found = state.percentiles(percents);
          if (!array) return found;
          return [found[0] === null ? null : found.map((value) => toDynamic(value, to))];
        },
      };
    },
  });
}
