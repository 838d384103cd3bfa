import type { Cell, ExprGraph, PreparedExpr } from '../kql';
import { type RequiredText, requiredOfColumn, weightOf } from './column-text';
import type { SharedCondition } from './shared-part';
import { TextSet } from './text-set';

type Eval = PreparedExpr['eval'];

/** What an event goes through to its end, if it fulfils all conditions. */
export interface Path<E> {
  readonly conditions: readonly SharedCondition[];
  /** Conditions that come after these; they are worked out where an event comes so far. */
  readonly more?: () => readonly SharedCondition[];
  readonly end: E;
}

/** What to do at a point of the decision. */
export interface Decision<E> {
  /** Reached. */
  readonly ends: readonly E[];
  readonly switches: readonly Switch<E>[];
  readonly searches: readonly Search<E>[];
  readonly steps: readonly Step<E>[];
}

/** Goes on where a column has one of the values. */
export interface Switch<E> {
  /** Position of the column. */
  readonly source: number;
  readonly isFolded: boolean;
  readonly ways: ReadonlyMap<string | number, Way<E>>;
}

/** Goes on where a text holds one of a way's literals. */
export interface Search<E> {
  readonly text: Eval;
  /** In such texts the literals may stand in another form: all ways are gone. */
  readonly unlessIn: RegExp | undefined;
  readonly set: TextSet;
  /** By number of the literal, positions in `ways`. */
  readonly waysOf: readonly (readonly number[])[];
  readonly ways: readonly Step<E>[];
}

/** Goes on where a condition holds. */
export interface Step<E> {
  readonly holds: Eval;
  readonly isOnlyTried: boolean;
  readonly next: Way<E>;
  /** Everything that may be reached behind it. */
  readonly ends: readonly E[];
}

/** What follows, decided when the first event comes so far: rules for events that never come cost nothing. */
export class Way<E> {
  private made: Decision<E> | undefined;

  constructor(
    private readonly paths: readonly Path<E>[],
    private readonly graph: ExprGraph,
  ) {}

  get decision(): Decision<E> {
    this.made ??= decide(this.paths, this.graph);
    return this.made;
  }
}

/** Fewer paths are gone one by one. */
const MIN_SWITCH = 2;
const MIN_SEARCH = 4;

/**
 * Arranges the paths of many rules so that a row meets few of their conditions: by values of columns first, then by texts that it must hold, then
 * by conditions that several begin with. A row reaches the ends whose conditions it fulfils, and what a condition fails of is told to the ends
 * behind it that nothing before has ruled out.
 */
function decide<E>(given: readonly Path<E>[], graph: ExprGraph): Decision<E> {
  const paths = given.map(unfolded);
  const ends = paths.filter(({ conditions }) => conditions.length === 0).map(({ end }) => end);
  let rest = paths.filter(({ conditions }) => conditions.length > 0);
  const switches: Switch<E>[] = [];
  const searches: Search<E>[] = [];
  for (let key = bestSwitch(rest); key !== undefined; key = bestSwitch(rest)) {
    const chosen = rest.filter((path) => selectorAt(path, key!) >= 0);
    rest = rest.filter((path) => !chosen.includes(path));
    switches.push(switchOf(chosen, key, graph));
  }
  for (const searched of searchable(rest, graph)) {
    rest = rest.filter((path) => !searched.paths.has(path));
    searches.push(searchOf(searched, graph));
  }
  return { ends, switches, searches, steps: stepsOf(rest, graph) };
}

/** The path with the conditions that come next in it. */
const unfolded = <E>(path: Path<E>): Path<E> =>
  path.conditions.length > 0 || !path.more ? path : { conditions: path.more(), end: path.end };

/** Conditions that may be decided before those in front of them: up to the first that may fail. */
function free<E>({ conditions }: Path<E>): readonly SharedCondition[] {
  const bound = conditions.findIndex(({ mayFail }) => mayFail);
  return bound < 0 ? conditions : conditions.slice(0, bound + 1);
}

const keyOf = ({ selector }: SharedCondition): string | undefined =>
  selector && `${selector.source}${selector.isFolded ? '~' : ''}`;

const selectorAt = <E>(path: Path<E>, key: string): number => free(path).findIndex((one) => keyOf(one) === key);

/** The column that most paths have a choice of values of. */
function bestSwitch<E>(paths: readonly Path<E>[]): string | undefined {
  const counts = new Map<string, number>();
  for (const path of paths) {
    for (const key of new Set(free(path).map(keyOf)))
      if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  let best: string | undefined;
  for (const [key, count] of counts) if (count >= Math.max(MIN_SWITCH, (counts.get(best ?? '') ?? 0) + 1)) best = key;
  return best;
}

function switchOf<E>(paths: readonly Path<E>[], key: string, graph: ExprGraph): Switch<E> {
  const byValue = new Map<string | number, Path<E>[]>();
  let chosen = paths[0]!.conditions[0]!.selector;
  for (const path of paths) {
    const at = selectorAt(path, key);
    const { selector } = path.conditions[at]!;
    chosen = selector;
    const rest = { ...path, conditions: path.conditions.filter((_, i) => i !== at) };
    for (const value of new Set(selector!.values)) {
      const same = byValue.get(value);
      if (same) same.push(rest);
      else byValue.set(value, [rest]);
    }
  }
  const { source, isFolded } = chosen!;
  const ways = new Map([...byValue].map(([value, behind]) => [value, new Way(behind, graph)]));
  return { source, isFolded, ways };
}

/**
 * What of a path tells most of a text that can be looked at now: a column of the source, or whatever the first condition is about. Where XML
 * would be read first, the column comes before all others.
 */
function textOf<E>(path: Path<E>, graph: ExprGraph): RequiredText | undefined {
  const texts = free(path).flatMap(({ text }, i) => {
    const column = text && requiredOfColumn(text, graph);
    const isCheap = text !== undefined && text.cell.source >= 0 && graph.schema[text.cell.source]!.type === 'string';
    return [column, text && (isCheap || i === 0) ? text : undefined].filter((one) => one !== undefined);
  });
  const best = (list: readonly RequiredText[]) => list.reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a), list[0]!);
  const spared = texts.filter(({ unlessIn }) => unlessIn);
  return texts.length > 0 ? best(spared.length > 0 ? spared : texts) : undefined;
}

interface Searched<E> {
  readonly cell: Cell;
  readonly unlessIn: RegExp | undefined;
  readonly paths: Map<Path<E>, readonly string[]>;
}

function searchable<E>(paths: readonly Path<E>[], graph: ExprGraph): readonly Searched<E>[] {
  const found = new Map<string, Searched<E>>();
  for (const path of paths) {
    const text = textOf(path, graph);
    if (!text) continue;
    const { cell, unlessIn, literals } = text;
    const key = `${cell.id} ${unlessIn?.source}`;
    const same = found.get(key) ?? { cell, unlessIn, paths: new Map() };
    found.set(key, same);
    same.paths.set(path, literals);
  }
  // Reading XML costs more than looking for one literal.
  return [...found.values()].filter(({ unlessIn, paths: { size } }) => unlessIn || size >= MIN_SEARCH);
}

function searchOf<E>({ cell, unlessIn, paths }: Searched<E>, graph: ExprGraph): Search<E> {
  const numbers = new Map<string, number[]>();
  const ways: Step<E>[] = [];
  for (const [path, literals] of paths) {
    const way = ways.push(stepsOf([path], graph)[0]!) - 1;
    for (const literal of literals) {
      const same = numbers.get(literal);
      if (same) same.push(way);
      else numbers.set(literal, [way]);
    }
  }
  const literals = [...numbers.keys()];
  return {
    text: graph.evalAs(cell, 'string'),
    unlessIn,
    set: new TextSet(literals),
    waysOf: literals.map((literal) => numbers.get(literal)!),
    ways,
  };
}

function stepsOf<E>(paths: readonly Path<E>[], graph: ExprGraph): Step<E>[] {
  const byFirst = new Map<string, Path<E>[]>();
  for (const path of paths) {
    const { cell, isOnlyTried } = path.conditions[0]!;
    const key = `${cell.id}${isOnlyTried}`;
    const same = byFirst.get(key);
    if (same) same.push(path);
    else byFirst.set(key, [path]);
  }
  return [...byFirst.values()].map((same) => {
    const { cell, isOnlyTried } = same[0]!.conditions[0]!;
    const behind = same.map((path) => ({ ...path, conditions: path.conditions.slice(1) }));
    return {
      holds: isOnlyTried ? graph.evalOf(cell) : graph.evalAs(cell, 'bool'),
      isOnlyTried,
      next: new Way(behind, graph),
      ends: same.map(({ end }) => end),
    };
  });
}
