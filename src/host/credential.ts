import type { TokenCredential } from '@azure/identity';

/** Managed identity or a developer's own login. Loaded only where it is used: it is slow to load. */
export async function openCredential({ clientId }: { readonly clientId?: string }): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential(clientId ? { managedIdentityClientId: clientId } : {});
}
