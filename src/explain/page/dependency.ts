/** Something that a rule relies on and that nobody would notice when it is missing. */
export interface Dependency {
  /** Stable name of its kind, such as `parse-overwrites`. */
  readonly code: string;
  /** `warning`: rows or fields are lost on data that is out there. `note`: worth knowing. */
  readonly severity: 'warning' | 'note';
  /** Number of the stage concerned. */
  readonly stage?: string;
  readonly message: string;
  /** Columns that are lost. */
  readonly columns?: readonly string[];
}

/** `a`, `b and c`, `a, b and 8 more` */
export function listed(items: readonly string[], most = 4): string {
  if (items.length > most) return `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

export const isOrAre = (items: readonly unknown[]): string => (items.length === 1 ? 'is' : 'are');
