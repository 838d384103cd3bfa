import type { HubTarget } from '../../src/host/hub-sender';
import { UsageError } from './output';
import type { Environment } from './settings';

export interface HubFlags {
  /** A connection string, over the settings. */
  readonly connection?: string;
  readonly hub?: string;
}

/** The hub that settings and flags name. Throws UsageError with what is missing; no text holds a connection string. */
export async function hubTarget(settings: Environment, flags: HubFlags): Promise<HubTarget> {
  const hub = flags.hub ?? set(settings.EVENT_HUB_NAME);
  const connectionString = flags.connection ?? set(settings.EventHubConnection);
  if (connectionString !== undefined) {
    if (!/(^|;)\s*Endpoint\s*=/i.test(connectionString))
      throw new UsageError('EventHubConnection (or --connection) must be a connection string: Endpoint=sb://…');
    const named = /(?:^|;)\s*EntityPath\s*=\s*([^;]+)/i.exec(connectionString)?.[1]?.trim();
    if (hub === undefined && named === undefined)
      throw new UsageError('no hub is named: set EVENT_HUB_NAME or give --hub');
    if (hub !== undefined && named !== undefined && hub !== named)
      throw new UsageError(`the connection string is for the hub '${named}', and '${hub}' is asked for`);
    return { connectionString, ...(named === undefined ? { hub } : {}) };
  }
  const fullyQualifiedNamespace = set(settings.EventHubConnection__fullyQualifiedNamespace);
  if (fullyQualifiedNamespace === undefined)
    throw new UsageError(
      'no hub: set EventHubConnection (a connection string) or EventHubConnection__fullyQualifiedNamespace (with an identity), or give --connection',
    );
  if (hub === undefined) throw new UsageError('no hub is named: set EVENT_HUB_NAME or give --hub');
  const { DefaultAzureCredential } = await import('@azure/identity');
  const clientId = set(settings.AZURE_CLIENT_ID);
  const credential = new DefaultAzureCredential(clientId ? { managedIdentityClientId: clientId } : {});
  return { fullyQualifiedNamespace, credential, hub };
}

const set = (value: string | undefined): string | undefined => (value?.trim() ? value.trim() : undefined);
