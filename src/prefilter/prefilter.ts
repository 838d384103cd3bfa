import { mayHidePlainText, plainFragment } from './literal';
import { LiteralSet } from './literal-set';
import type { Requirement } from './requirement';
import { allLookSound, holdsTableRows } from './row-text';
import { fragmentTest, numberTest, type RowsText, type Test, tableTest } from './tests';

/** False: no record in this message can match any rule. True: look closer. */
export type Prefilter = (body: Uint8Array) => boolean;

export interface PrefilterOptions {
  /** As given to `decode`: rows that tell no table are of this one. */
  defaultTable?: string;
}

/** So few literals are found sooner one by one. */
const FEW = 4;

/**
 * Judges a message by its bytes, without parsing it: JSON escapes, UTF-8, letter case and every place where a row's table
 * may come from are considered. Only messages that hold table rows alone can be told not to match; XML, shippers' shapes,
 * gzip and UTF-16 are always looked at closer, and so is a body with records that look bad: they are the decoder's to report.
 *
 * @param rules for each rule (or leg), what every matching row has: any of all of. No rule at all: nothing matches.
 */
export function createPrefilter(rules: readonly (readonly Requirement[])[], options: PrefilterOptions = {}): Prefilter {
  const compiled = rules.map((requirements) => compileRule(requirements, options));
  if (compiled.some(({ tests, fragments }) => tests.length + fragments.length === 0)) return () => true;
  const anchors = [...new Set(compiled.flatMap(({ fragments }) => fragments.slice(0, 1)))].filter(
    (fragment) => fragment.length >= LiteralSet.MIN_LENGTH,
  );
  const set = anchors.length > FEW ? new LiteralSet(anchors) : undefined;
  const positions = new Map(set === undefined ? [] : anchors.map((anchor, position) => [anchor, position]));

  return (body) => {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const latin1 = bytes.toString('latin1');
    if (!holdsTableRows(latin1)) return true;
    const text: RowsText = { latin1, numbers: new Map() };
    const answers = new Map<string, boolean>();
    const holds = ({ key, test }: Test): boolean => {
      const answer = answers.get(key) ?? test(text);
      answers.set(key, answer);
      return answer;
    };
    let found: Uint8Array | undefined;
    const holdsFragment = (fragment: string): boolean => {
      const position = positions.get(fragment);
      if (set === undefined || position === undefined) return holds(fragmentTest(fragment));
      found ??= set.search(bytes);
      return found[position] === 1;
    };
    if (compiled.some(({ tests, fragments }) => fragments.every(holdsFragment) && tests.every(holds))) return true;
    return mayHidePlainText(latin1) || !allLookSound(latin1);
  };
}

/** What bytes can decide of a conjunction: fragments the longest first, requirements that no byte can decide left out. */
function compileRule(
  requirements: readonly Requirement[],
  options: PrefilterOptions,
): { tests: Test[]; fragments: string[] } {
  const tests: (Test | undefined)[] = [];
  const fragments = new Set<string>();
  for (const requirement of requirements) {
    if (requirement.kind === 'table') {
      if (requirement.name !== options.defaultTable) tests.push(tableTest(requirement.name));
    } else if (requirement.kind === 'number') tests.push(numberTest(requirement.column, requirement.values));
    else {
      const fragment = plainFragment(requirement.text)?.toLowerCase();
      if (fragment !== undefined) fragments.add(fragment);
    }
  }
  return {
    tests: tests.filter((test) => test !== undefined),
    fragments: [...fragments].sort((a, b) => b.length - a.length),
  };
}
