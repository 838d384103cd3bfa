import type { TokenCredential } from '@azure/identity';
import type { ContainerClient } from '@azure/storage-blob';
import { NotFound } from '../state/errors';
import { Once } from '../state/once';
import { translateError } from '../state/table-errors';
import { TimedOut, within } from '../state/within';
import type { BodyStore } from './bodies';

export interface BlobBodiesOptions {
  /** A storage connection string, or … */
  readonly connectionString?: string;
  /** … the blob endpoint of the account with {@link credential}. */
  readonly endpoint?: string;
  readonly credential?: TokenCredential;
  /** Created when it is first used. */
  readonly container: string;
  /** How long a call may take, its retries and the sign-in included, milliseconds (default 30,000). */
  readonly timeoutMs?: number;
}

/** Long bodies as blobs. Fails with the errors of a state store: StoreUnavailable or StoreRejected. */
export class BlobBodies implements BodyStore {
  private readonly container: Once<ContainerClient>;
  /** With a timeout of its own: several callers wait for it, and must not share that of the first. */
  private readonly created: Once<unknown>;
  private readonly timeoutMs: number;

  constructor({ container, timeoutMs = 30_000, ...account }: BlobBodiesOptions) {
    if (account.connectionString === undefined && !(account.endpoint && account.credential))
      throw new TypeError('blob storage needs a connection string, or endpoint and credential');
    this.container = new Once(() => connect(account, container));
    this.created = new Once(async () => {
      const client = await this.container.get();
      return within(timeoutMs, 'blob service', (abortSignal) => client.createIfNotExists({ abortSignal }));
    });
    this.timeoutMs = timeoutMs;
  }

  put(name: string, bytes: Uint8Array): Promise<void> {
    return this.call(async (container, abortSignal) => {
      const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      await container.getBlockBlobClient(name).upload(body, body.byteLength, { abortSignal });
    });
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    try {
      return await this.call((container, abortSignal) =>
        container.getBlockBlobClient(name).downloadToBuffer(0, undefined, { abortSignal }),
      );
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  delete(name: string): Promise<void> {
    return this.call(async (container, abortSignal) => {
      await container.getBlockBlobClient(name).deleteIfExists({ abortSignal });
    });
  }

  private async call<T>(action: (container: ContainerClient, abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      const container = await this.container.get();
      return await within(this.timeoutMs, 'blob service', async (abortSignal) => {
        await this.created.get();
        return action(container, abortSignal);
      });
    } catch (error) {
      // It may be the creation that hangs.
      if (error instanceof TimedOut) this.created.giveUp();
      throw translateError(error, Date.now());
    }
  }
}

/** Loads the client library when the first long body comes: it would be a fifth of all code that a cold start reads. */
async function connect(
  { connectionString, endpoint, credential }: Omit<BlobBodiesOptions, 'container'>,
  container: string,
): Promise<ContainerClient> {
  const { BlobServiceClient } = await import('@azure/storage-blob');
  const options = { retryOptions: { maxTries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2000 } };
  const service =
    connectionString !== undefined
      ? BlobServiceClient.fromConnectionString(connectionString, options)
      : new BlobServiceClient(endpoint!, credential, options);
  return service.getContainerClient(container);
}
