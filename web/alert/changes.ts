import { cell } from '../lib/format';
import type { AlertRecord } from './record';

export interface Change {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** Fields that are other ones in every revision. */
const VOLATILE = new Set(['Revision', 'TimeGenerated', 'ProcessingEndTime', 'Results', 'Entities']);

/** What is different between two revisions: fields, and result rows that came, went or changed. */
export function changesBetween(before: AlertRecord, after: AlertRecord): Change[] {
  const [a, b] = [before, after] as unknown as [Record<string, unknown>, Record<string, unknown>];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => !VOLATILE.has(name));
  const fields = names
    .map((field) => ({ field, before: cell(a[field]), after: cell(b[field]) }))
    .filter((change) => change.before !== change.after);
  return [...fields, ...rowChanges(before.Results, after.Results)];
}

function rowChanges(before: AlertRecord['Results'], after: AlertRecord['Results']): Change[] {
  const changes: Change[] = [];
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    const [a, b] = [before[i], after[i]];
    if (!a || !b) {
      changes.push({ field: `Result ${i + 1}`, before: a ? cell(a) : '', after: b ? cell(b) : '' });
      continue;
    }
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const [x, y] = [cell(a[name]), cell(b[name])];
      if (x !== y) changes.push({ field: `Result ${i + 1}, ${name}`, before: x, after: y });
    }
  }
  return changes;
}
