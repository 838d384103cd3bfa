import { beginsAsTableRows, PREFIX_LENGTH, TABLES_BY_COLUMNS } from '../row-messages';
import { fragmentTest, mayHidePlainText, plainFragment } from './literal';
import type { Requirement } from './requirement';

/** False: no record in this message can match any rule. True: look closer. */
export type Prefilter = (body: Uint8Array) => boolean;

export interface PrefilterOptions {
  /** As given to `decode`: rows that tell no table are of this one. */
  defaultTable?: string;
}

/** Tests the Latin-1 text of a body; true if a row may have what is required. */
type Test = (latin1: string) => boolean;

/**
 * Judges a message by its bytes, without parsing it: JSON escapes, UTF-8, letter case and every place where a row's table
 * may come from are considered. Only messages that hold table rows alone can be told not to match; XML, shippers' shapes,
 * gzip and UTF-16 are always looked at closer, and so is a body that does not end as JSON ends.
 *
 * @param rules for each rule (or leg), what every matching row has: any of all of. No rule at all: nothing matches.
 */
export function createPrefilter(rules: readonly (readonly Requirement[])[], options: PrefilterOptions = {}): Prefilter {
  const tests = new Map<string, Test>();
  const share = (key: string, make: () => Test): Test => {
    const known = tests.get(key) ?? make();
    tests.set(key, known);
    return known;
  };
  const compiled = rules.map((requirements) => uniqueTests(requirements, options, share));
  if (compiled.some((conjunction) => conjunction.length === 0)) return () => true;

  return (body) => {
    const latin1 = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
    if (!holdsTableRows(latin1)) return true;
    const answers = new Map<Test, boolean>();
    const holds = (test: Test): boolean => {
      const answer = answers.get(test) ?? test(latin1);
      answers.set(test, answer);
      return answer;
    };
    if (compiled.some((conjunction) => conjunction.every(holds))) return true;
    // Envelopes of diagnostic settings are read in another way; they, and no row, need this property.
    return /"time"/.test(latin1) || mayHidePlainText(latin1);
  };
}

/** Every line begins as table rows do, and the last ends as JSON ends. */
function holdsTableRows(latin1: string): boolean {
  const last = latin1.trimEnd();
  if (!/[\]}]$/.test(last.slice(-1))) return false;
  for (let start = 0; start < last.length; ) {
    const end = last.indexOf('\n', start);
    const line = last.slice(start, Math.min(start + PREFIX_LENGTH, end < 0 ? last.length : end));
    if (line.trim() !== '' && !beginsAsTableRows(line)) return false;
    if (end < 0) break;
    start = end + 1;
  }
  return last !== '';
}

/** The tests of a conjunction, cheapest first, requirements that no byte can decide left out. */
function uniqueTests(
  requirements: readonly Requirement[],
  options: PrefilterOptions,
  share: (key: string, make: () => Test) => Test,
): Test[] {
  const rank = { table: 0, number: 1, literal: 2 };
  const sorted = [...requirements].sort((a, b) => rank[a.kind] - rank[b.kind]);
  const tests: Test[] = [];
  for (const requirement of sorted) {
    if (requirement.kind === 'table') {
      if (isName(requirement.name) && requirement.name !== options.defaultTable)
        tests.push(share(`t ${requirement.name}`, () => tableTest(requirement.name)));
    } else if (requirement.kind === 'number') {
      if (!isName(requirement.column)) continue;
      const values = [...requirement.values].sort((a, b) => a - b);
      tests.push(share(`n ${requirement.column} ${values.join()}`, () => numberTest(requirement.column, values)));
    } else {
      const fragment = plainFragment(requirement.text)?.toLowerCase();
      if (fragment !== undefined) tests.push(share(`l ${fragment}`, () => regexTest(fragmentTest(fragment))));
    }
  }
  return [...new Set(tests)];
}

const regexTest =
  (regex: RegExp): Test =>
  (latin1) =>
    regex.test(latin1);

/** Other names could stand in the message in more than one form. */
const isName = (name: string): boolean => /^[A-Za-z_][\w-]*$/.test(name);

/** The row says its table, or has a column by which the decoder tells it. */
function tableTest(name: string): Test {
  const named = `"Type"\\s*:\\s*"${name}"`;
  const byColumns = TABLES_BY_COLUMNS.filter(([table]) => table === name).map(([, columns]) => `"${columns[0]}"`);
  return regexTest(new RegExp([named, ...byColumns].join('|')));
}

/** Some property of this name has one of the values, or a value that is no plain integer. */
function numberTest(column: string, values: readonly number[]): Test {
  const wanted = new Set(values);
  const property = new RegExp(`"${column}"\\s*:\\s*"?([^",}\\]\\s]*)`, 'g');
  return (latin1) => {
    for (const match of latin1.matchAll(property)) {
      const text = match[1]!;
      if (text !== 'null' && (!/^-?\d{1,15}$/.test(text) || wanted.has(Number(text)))) return true;
    }
    return false;
  };
}
