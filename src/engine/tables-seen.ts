import { decode } from '../events/decode';
import type { DecodeOptions, HubMessage } from '../events/types';
import { type EntityStore, partitionRange } from '../state/store';

const PARTITION = 'tables';
/** How often a process looks, ms. */
const INTERVAL = 60_000;
/** Messages of a batch that are looked at. */
const SAMPLE = 50;

/**
 * Notes when events of the tables that rules use were last seen. Most messages are never parsed, so this is a sample: some messages of a
 * batch, once a minute and process. A table of few events among many may be seen late.
 */
export class TablesSeen {
  private lookedAt = Number.NEGATIVE_INFINITY;

  /** `tables`: the names that are noted. Others may be anything: they come from the events. */
  constructor(
    private readonly store: EntityStore,
    private readonly control: string,
    private readonly tables: ReadonlySet<string>,
    private readonly options?: DecodeOptions,
  ) {}

  async look(messages: readonly HubMessage[], now: number): Promise<void> {
    if (Math.abs(now - this.lookedAt) < INTERVAL) return;
    this.lookedAt = now;
    const seen = new Map<string, number>();
    const step = Math.max(1, Math.floor(messages.length / SAMPLE));
    for (let i = messages.length - 1; i >= 0; i -= step) {
      const message = messages[i]!;
      for (const { table } of decode(message, this.options).records)
        if (this.tables.has(table)) seen.set(table, Math.max(seen.get(table) ?? 0, message.enqueuedTime));
    }
    if (seen.size === 0) return;
    const operations = [...seen]
      .slice(0, 100)
      .map(([rowKey, at]) => ({ kind: 'upsert', rowKey, properties: { at } }) as const);
    await this.store.transact(this.control, PARTITION, operations);
  }
}

/** When the hub took in the last event seen of each table, ms. */
export async function readTablesSeen(store: EntityStore, control: string): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for await (const page of store.query(control, partitionRange(PARTITION)))
    for (const { rowKey, properties } of page) seen.set(rowKey, Number(properties.at));
  return seen;
}
