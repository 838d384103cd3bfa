import { isConflict } from '../state/errors';
import { sourceId } from '../state/keys';
import type { BatchSource, EngineOptions } from './types';

const PARTITION = 'source';

/**
 * One name for every hub. A namespace can be reached under several (an alias for geo-disaster recovery, a private name), and what a batch of
 * the hub is counted under must not hang on which of them is in the settings: it is the one that was used first, for as long as the hub
 * exists. A hub is known by its name and its time of creation.
 */
export class SourceNames {
  private readonly known = new Map<string, string>();

  constructor(private readonly options: Pick<EngineOptions, 'store' | 'tables'>) {}

  /** The source under the name that its hub was first read by. Throws StoreUnavailable. */
  async canonical(source: BatchSource): Promise<BatchSource> {
    const { namespace, hub, incarnation } = source;
    // Without its time of creation nothing tells two hubs of one name apart.
    if (incarnation === undefined) return source;
    const rowKey = sourceId('', hub, incarnation);
    const name = this.known.get(rowKey) ?? (await this.look(rowKey, namespace, hub));
    this.known.set(rowKey, name);
    return { ...source, namespace: name };
  }

  private async look(rowKey: string, namespace: string, hub: string): Promise<string> {
    const { store, tables } = this.options;
    const there = await store.get(tables.control, PARTITION, rowKey);
    if (there) return String(there.properties.namespace);
    try {
      await store.transact(tables.control, PARTITION, [{ kind: 'create', rowKey, properties: { namespace, hub } }]);
      return namespace;
    } catch (error) {
      if (!isConflict(error)) throw error;
      // Another process was first, perhaps under another name.
      const other = await store.get(tables.control, PARTITION, rowKey);
      return String(other?.properties.namespace ?? namespace);
    }
  }
}
