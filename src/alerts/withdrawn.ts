import type { AlertJson } from './sinks/sink';

/** The next revision of an alert, which takes it back. `generatedAt`: ISO 8601. */
export function withdrawn(alert: AlertJson, generatedAt: string): AlertJson {
  const changes = { Status: 'Withdrawn', TimeGenerated: generatedAt, ProcessingEndTime: generatedAt } as const;
  return { ...alert, Revision: alert.Revision + 1, ...changes };
}
