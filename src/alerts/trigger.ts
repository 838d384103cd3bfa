/** A rule's condition on the number of result rows. */
export interface TriggerCondition {
  operator: string;
  threshold: number;
}

const COMPARISONS: ReadonlyMap<string, (count: number, threshold: number) => boolean> = new Map(
  Object.entries({
    GreaterThan: (count: number, threshold: number) => count > threshold,
    GreaterThanOrEqual: (count: number, threshold: number) => count >= threshold,
    LessThan: (count: number, threshold: number) => count < threshold,
    LessThanOrEqual: (count: number, threshold: number) => count <= threshold,
    Equal: (count: number, threshold: number) => count === threshold,
    NotEqual: (count: number, threshold: number) => count !== threshold,
  }),
);

/**
 * Whether a run with this many result rows raises alerts. The operator is in Sentinel's spelling (`GreaterThan`);
 * throws a RangeError for any other.
 */
export function triggerFires(trigger: TriggerCondition, rowCount: number): boolean {
  const compare = COMPARISONS.get(trigger.operator);
  if (compare === undefined) throw new RangeError(`Unknown trigger operator "${trigger.operator}"`);
  return compare(rowCount, trigger.threshold);
}
