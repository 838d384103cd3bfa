import { compileRules, type RuleTests } from './compile';
import { mayHidePlainText } from './literal';
import { LiteralSet } from './literal-set';
import type { Requirement } from './requirement';
import { allLookSound, holdsTableRows } from './row-text';
import type { RowsText } from './tests';

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
 * Each test is made once a message for all rules, and only for rules that the tests before it have left.
 *
 * @param rules for each rule (or leg), what every matching row has: any of all of. No rule at all: nothing matches.
 */
export function createPrefilter(rules: readonly (readonly Requirement[])[], options: PrefilterOptions = {}): Prefilter {
  const { groups, tests, anchors, requiresNothing } = compileRules(rules, options);
  if (requiresNothing) return () => true;
  const set = anchors.length > FEW ? new LiteralSet(anchors) : undefined;
  const positions = new Map(set === undefined ? [] : anchors.map((anchor, position) => [anchor, position]));
  const anchorOf = ({ anchor }: RuleTests): number => (anchor === undefined ? -1 : (positions.get(anchor) ?? -1));
  const ready = groups.map(({ first, rules: members }) => ({
    first,
    members: members.map((member) => ({ anchor: anchorOf(member), tests: member.tests })),
  }));
  /** Answers of one message by number of the test: 0 not asked yet, 1 yes, 2 no. */
  const answers = new Uint8Array(tests.length);

  return (body) => {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const latin1 = bytes.toString('latin1');
    if (!holdsTableRows(latin1)) return true;
    const text: RowsText = { latin1, numbers: new Map() };
    answers.fill(0);
    let found: Uint8Array | undefined;
    const holds = (number: number): boolean => {
      if (answers[number] === 0) answers[number] = tests[number]!.test(text) ? 1 : 2;
      return answers[number] === 1;
    };
    for (const { first, members } of ready) {
      if (!first.every(holds)) continue;
      for (const member of members) {
        if (member.anchor >= 0) {
          found ??= set!.search(bytes);
          if (found[member.anchor] === 0) continue;
        }
        if (member.tests.every(holds)) return true;
      }
    }
    return mayHidePlainText(latin1) || !allLookSound(latin1);
  };
}
