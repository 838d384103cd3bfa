import type { TokenCredential } from '@azure/identity';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { NotFound } from '../state/errors';
import { translateError } from '../state/table-errors';
import type { BodyStore } from './bodies';

export interface BlobBodiesOptions {
  /** A storage connection string, or … */
  readonly connectionString?: string;
  /** … the blob endpoint of the account with {@link credential}. */
  readonly endpoint?: string;
  readonly credential?: TokenCredential;
  /** Created when it is first used. */
  readonly container: string;
  /** How long a request may take, milliseconds (default 30,000). */
  readonly timeoutMs?: number;
}

/** Long bodies as blobs. Fails with the errors of a state store: StoreUnavailable or StoreRejected. */
export class BlobBodies implements BodyStore {
  private readonly container: ContainerClient;
  private readonly timeoutMs: number;
  private created: Promise<unknown> | undefined;

  constructor({ container, timeoutMs = 30_000, ...account }: BlobBodiesOptions) {
    this.container = connect(account).getContainerClient(container);
    this.timeoutMs = timeoutMs;
  }

  put(name: string, bytes: Uint8Array): Promise<void> {
    return this.call(async (abortSignal) => {
      const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      await this.container.getBlockBlobClient(name).upload(body, body.byteLength, { abortSignal });
    });
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    try {
      return await this.call((abortSignal) =>
        this.container.getBlockBlobClient(name).downloadToBuffer(0, undefined, { abortSignal }),
      );
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  delete(name: string): Promise<void> {
    return this.call(async (abortSignal) => {
      await this.container.getBlockBlobClient(name).deleteIfExists({ abortSignal });
    });
  }

  private async call<T>(action: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      const abortSignal = AbortSignal.timeout(this.timeoutMs);
      this.created ??= this.container.createIfNotExists({ abortSignal }).catch((error) => {
        this.created = undefined;
        throw error;
      });
      await this.created;
      return await action(abortSignal);
    } catch (error) {
      throw translateError(error, Date.now());
    }
  }
}

function connect({ connectionString, endpoint, credential }: Omit<BlobBodiesOptions, 'container'>): BlobServiceClient {
  const options = { retryOptions: { maxTries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2000 } };
  if (connectionString !== undefined) return BlobServiceClient.fromConnectionString(connectionString, options);
  if (!endpoint || !credential)
    throw new TypeError('blob storage needs a connection string, or endpoint and credential');
  return new BlobServiceClient(endpoint, credential, options);
}
