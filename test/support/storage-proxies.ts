import type { Stack } from '../../local/stack';
import { type FaultProxy, startFaultProxy } from './fault-proxy';

/** Proxies in front of the storage of a stack, for the hosts that are started with `env`. */
export interface StorageProxies {
  readonly table: FaultProxy;
  readonly blob: FaultProxy;
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startStorageProxies(stack: Pick<Stack, 'azurite'>): Promise<StorageProxies> {
  const { azurite } = stack;
  const [table, blob] = await Promise.all([startFaultProxy(azurite.tablePort), startFaultProxy(azurite.blobPort)]);
  const storage = azurite.connectionString
    .replace(`:${azurite.tablePort}/`, `:${table.port}/`)
    .replace(`:${azurite.blobPort}/`, `:${blob.port}/`);
  return {
    table,
    blob,
    env: { AzureWebJobsStorage: storage, OUTRIDER_STORAGE: storage },
    async stop() {
      await Promise.all([table.stop(), blob.stop()]);
    },
  };
}
