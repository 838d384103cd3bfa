import type { AlertJson } from '../../../src/alerts/sinks/sink';

/** An alert with the fields given beside its id. */
export function alertWith(
  id: string,
  fields: Record<string, unknown> = {},
  revision = 1,
): AlertJson & Record<string, unknown> {
  return { SystemAlertId: id, Revision: revision, ...fields };
}
