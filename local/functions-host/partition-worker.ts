import type { ReceivedEventData } from '@azure/event-hubs';
import type { EventHubsOptions } from './host-json';
import type { Outcome } from './run-function';

export interface PartitionWork {
  invoke(events: readonly ReceivedEventData[], signal: AbortSignal): Promise<Outcome>;
  checkpoint(last: ReceivedEventData): Promise<void>;
}

/**
 * One owned partition. Batches run one after the other; while the function is being retried the partition waits. A
 * batch is checkpointed once the function has finished with it, **whether it succeeded or failed for good**; it is
 * not when the host stops or the partition is lost in between. Below `minEventBatchSize` events are held back until
 * `maxWaitTime` has passed.
 */
export class PartitionWorker {
  readonly #options: EventHubsOptions;
  readonly #work: PartitionWork;
  readonly #abort = new AbortController();
  #held: ReceivedEventData[] = [];
  #heldSince = 0;
  #batchesSinceCheckpoint = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(options: EventHubsOptions, work: PartitionWork) {
    this.#options = options;
    this.#work = work;
  }

  /** Takes what was received, possibly nothing: then only the waiting time is looked at. Resolves when it is dealt with. */
  receive(events: readonly ReceivedEventData[], now: number): Promise<void> {
    if (this.#abort.signal.aborted) return Promise.resolve();
    if (this.#held.length === 0) this.#heldSince = now;
    this.#held.push(...events);
    this.#running = this.#drain(now);
    return this.#running;
  }

  async #drain(now: number): Promise<void> {
    const { minEventBatchSize, maxEventBatchSize, maxWaitTime } = this.#options;
    while (this.#held.length > 0 && !this.#abort.signal.aborted) {
      if (this.#held.length < minEventBatchSize && now - this.#heldSince < maxWaitTime) return;
      const batch = this.#held.splice(0, maxEventBatchSize);
      this.#heldSince = now;
      const outcome = await this.#work.invoke(batch, this.#abort.signal);
      if (outcome.status === 'cancelled') return;
      if (++this.#batchesSinceCheckpoint < this.#options.batchCheckpointFrequency) continue;
      this.#batchesSinceCheckpoint = 0;
      if (!this.#lost) await this.#work.checkpoint(batch[batch.length - 1]!);
    }
  }

  #lost = false;

  /** Another host has the partition now: nothing may be checkpointed any more. */
  lose(): void {
    this.#lost = true;
    this.#abort.abort();
  }

  /** Takes nothing new, ends the waiting for a retry, and resolves when the running invocation is checkpointed. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }
}
