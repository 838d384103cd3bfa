import { plainFragment } from './literal';
import { LiteralSet } from './literal-set';
import type { Requirement } from './requirement';
import { fragmentTest, numberTest, type Test, tableTest } from './tests';

/** What bytes can decide of a rule beyond the first tests of its group. Tests are numbers in the list of all. */
export interface RuleTests {
  /** Tests in the order to make them. The anchor's is among them only where it is not looked for with the others. */
  readonly tests: readonly number[];
  /** The fragment that tells most. */
  readonly anchor: string | undefined;
}

/** Rules that begin with the same tests of numbers and table. */
export interface RuleGroup {
  readonly first: readonly number[];
  readonly rules: readonly RuleTests[];
}

export interface CompiledTests {
  readonly groups: readonly RuleGroup[];
  readonly tests: readonly Test[];
  /** Anchors of all rules that are long enough for a set of literals. */
  readonly anchors: readonly string[];
  /** Some rule leaves nothing to test. */
  readonly requiresNothing: boolean;
}

/** Fewer anchors are not looked for together. */
const MIN_ANCHORS = 5;

interface Parts {
  readonly first: readonly Test[];
  readonly fragments: readonly string[];
}

/** Orders what can be tested so that most messages fail soon: numbers, table, then the texts that fewest rules share. */
export function compileRules(
  rules: readonly (readonly Requirement[])[],
  options: { defaultTable?: string },
): CompiledTests {
  const parts = rules.map((requirements) => partsOf(requirements, options));
  const sharedBy = new Map<string, number>();
  for (const { fragments } of parts) {
    for (const fragment of fragments) sharedBy.set(fragment, (sharedBy.get(fragment) ?? 0) + 1);
  }
  // A text that many rules ask for, such as a channel's name, is in most events: it tells least.
  const ordered = parts.map(({ first, fragments }) => ({
    first,
    fragments: [...fragments].sort(
      (a, b) => weight(sharedBy.get(a)!) - weight(sharedBy.get(b)!) || b.length - a.length,
    ),
  }));
  const fitting = (fragment: string | undefined): fragment is string =>
    fragment !== undefined && fragment.length >= LiteralSet.MIN_LENGTH;
  const all = [...new Set(ordered.map(({ fragments }) => fragments[0]).filter(fitting))];
  const anchors = all.length < MIN_ANCHORS ? [] : all;
  const isAnchor = new Set(anchors);

  const tests: Test[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (test: Test): number => {
    const known = numbers.get(test.key);
    if (known !== undefined) return known;
    numbers.set(test.key, tests.length);
    return tests.push(test) - 1;
  };
  const groups = new Map<string, { first: number[]; rules: Map<string, RuleTests> }>();
  for (const { first, fragments } of ordered) {
    const begin = first.map(numberOf);
    const group = groups.get(begin.join()) ?? { first: begin, rules: new Map() };
    groups.set(begin.join(), group);
    const anchor = fragments[0] !== undefined && isAnchor.has(fragments[0]) ? fragments[0] : undefined;
    const rest = (anchor === undefined ? fragments : fragments.slice(1)).map((text) => numberOf(fragmentTest(text)));
    group.rules.set(`${anchor} ${rest.join()}`, { tests: rest, anchor });
  }
  return {
    groups: [...groups.values()].map((group) => ({ first: group.first, rules: [...group.rules.values()] })),
    tests,
    anchors,
    requiresNothing: parts.some(({ first, fragments }) => first.length + fragments.length === 0),
  };
}

/** Rules that share a text count by powers of two, so that length decides between texts of like spread. */
const weight = (rules: number): number => Math.ceil(Math.log2(rules));

/** What bytes can decide of a conjunction; requirements that no byte can decide are left out. */
function partsOf(requirements: readonly Requirement[], options: { defaultTable?: string }): Parts {
  const numbers: (Test | undefined)[] = [];
  const tables: (Test | undefined)[] = [];
  const fragments = new Set<string>();
  for (const requirement of requirements) {
    if (requirement.kind === 'number') numbers.push(numberTest(requirement.column, requirement.values));
    else if (requirement.kind === 'literal') {
      const fragment = plainFragment(requirement.text)?.toLowerCase();
      if (fragment !== undefined) fragments.add(fragment);
    } else if (requirement.name !== options.defaultTable) tables.push(tableTest(requirement.name));
  }
  return { first: [...numbers, ...tables].filter((test) => test !== undefined), fragments: [...fragments] };
}
