import { createHash } from 'node:crypto';
import type { Alert } from './alert';
import { canonicalJson } from './canonical';

/** Fields that say when and how an alert was made, not what it says. */
const VOLATILE: ReadonlySet<string> = new Set(['Revision', 'TimeGenerated', 'ProcessingEndTime', 'Incomplete']);

/** SHA-256 (hex) of what an alert says. Equal for two revisions exactly if the later one corrects nothing. */
export function alertFingerprint(alert: Alert): string {
  const content = Object.fromEntries(Object.entries(alert).filter(([name]) => !VOLATILE.has(name)));
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

/** What a new evaluation of a window changes. */
export interface Corrections {
  /** Alerts to send: new ones as they are, changed ones with the next revision, vanished ones withdrawn. */
  changed: Alert[];
  /** Every alert of the window as it now stands, with its current revision. */
  current: Alert[];
}

/**
 * Compares the alerts of a window as they were last recorded with those of a new evaluation. An alert is sent again only if it
 * says something else; one that is gone is sent once more with the status `Withdrawn`, at `generatedAt`.
 */
export function corrections(recorded: readonly Alert[], evaluated: readonly Alert[], generatedAt: string): Corrections {
  const before = new Map(recorded.map((alert) => [alert.SystemAlertId, alert]));
  const now = new Set(evaluated.map((alert) => alert.SystemAlertId));
  const changed: Alert[] = [];
  const current: Alert[] = [];
  for (const alert of evaluated) {
    const old = before.get(alert.SystemAlertId);
    const isSame = old !== undefined && alertFingerprint(old) === alertFingerprint(alert);
    const next = isSame ? old : { ...alert, Revision: (old?.Revision ?? 0) + 1 };
    if (!isSame) changed.push(next);
    current.push(next);
  }
  for (const old of recorded) {
    if (now.has(old.SystemAlertId)) continue;
    const next = old.Status === 'Withdrawn' ? old : withdrawn(old, generatedAt);
    if (next !== old) changed.push(next);
    current.push(next);
  }
  return { changed, current };
}

/** The next revision of an alert, which takes it back. */
export function withdrawn(alert: Alert, generatedAt: string): Alert {
  return {
    ...alert,
    Revision: alert.Revision + 1,
    Status: 'Withdrawn',
    TimeGenerated: generatedAt,
    ProcessingEndTime: generatedAt,
  };
}
