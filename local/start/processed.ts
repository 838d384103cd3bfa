import type { HostEvent } from '../functions-host/events';

/** Counts what the functions have dealt with, from what the host tells; a redelivery counts once. */
export class Processed {
  readonly #next = new Map<string, number>();
  /** The error of the last attempt, while it is being retried. */
  trouble: string | undefined;

  observe(event: HostEvent): void {
    if (event.type !== 'invocation') return;
    this.trouble = event.ok ? undefined : `${event.function}: ${event.error}`;
    if (!event.ok || event.partitionId === undefined || !event.sequenceNumbers) return;
    const next = event.sequenceNumbers[1] + 1;
    this.#next.set(event.partitionId, Math.max(next, this.#next.get(event.partitionId) ?? 0));
  }

  /** The next sequence number of each partition that was read. */
  get positions(): ReadonlyMap<string, number> {
    return this.#next;
  }

  get messages(): number {
    return [...this.#next.values()].reduce((sum, next) => sum + next, 0);
  }
}
