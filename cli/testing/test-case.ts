import type { Position } from '../../src/plan/position';
import type { RuleSettings } from '../../src/plan/rule-settings';
import type { PlainValue } from '../../src/rules/yaml-file';

/** One event of a case, as the body of a hub message. */
export interface CaseEvent {
  readonly body: string;
  /** Where it was written. */
  readonly at: Position;
  /** Path of a file of recorded events that stands here; the body is empty. */
  readonly file?: string;
  /** A message of such a file, and which one it was. */
  readonly recorded?: { readonly bytes: Buffer; readonly place: string };
}

/** A result row as it is expected: column → value as it was written. */
export interface ExpectedRow {
  readonly columns: ReadonlyMap<string, PlainValue>;
  readonly at: Position;
}

/** One case of a `NAME.test.yaml`. */
export interface TestCase {
  readonly name: string;
  readonly at: Position;
  readonly events: readonly CaseEvent[];
  /** How many result rows; `rows` names them where it is given. */
  readonly count: number;
  readonly rows?: readonly ExpectedRow[];
  /** Rows have the named columns and no others. */
  readonly exact: boolean;
  /** Only the window that ends then counts, ms; absent: all windows. */
  readonly windowEnd?: number;
  /** How many times events are delivered again. */
  readonly redelivery: number;
  /** Set over the rule's settings. */
  readonly settings: Partial<RuleSettings>;
}
