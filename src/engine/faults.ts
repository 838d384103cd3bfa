import { KqlError } from '../kql';
import type { LogEvent } from './types';

/** What an error says, for a dead letter. */
export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Errors that no rule should run into (a text longer than the engine allows, a fault of the program): the event goes to dead letters as with
 * any other, and this tells of it. One line a rule and kind of error within a batch: an attacker may send many.
 */
export class Faults {
  private readonly counts = new Map<string, { event: LogEvent; count: number }>();

  add(error: unknown, ruleId: string): void {
    if (error instanceof KqlError) return;
    const kind = error instanceof Error ? error.name : typeof error;
    const at =
      error instanceof Error ? (/\n\s{1,8}at (\S{1,100})/.exec(error.stack?.slice(0, 4_000) ?? '')?.[1] ?? '') : '';
    const key = `${ruleId} ${kind} ${at}`;
    const known = this.counts.get(key);
    if (known) known.count++;
    // Not its text: that may be of an event.
    else this.counts.set(key, { event: { level: 'error', message: 'rule fault', rule: ruleId, kind, at }, count: 1 });
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, { count }) => sum + count, 0);
  }

  tell(log: (event: LogEvent) => void): void {
    for (const { event, count } of this.counts.values()) log({ ...event, count });
  }
}
