import type { TokenCredential } from '@azure/identity';
import type { ContainerClient } from '@azure/storage-blob';
import type { Config } from '../config';
import { NotFound } from '../state/errors';
import { translateError } from '../state/table-errors';
import { within } from '../state/within';

export interface BlobAccount extends Pick<Config, 'storage'> {
  /** Where `storage` has no connection string. */
  readonly credential?: TokenCredential;
}

export interface Blob {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** How long a call may take, its retries and the sign-in included, ms. */
const TIMEOUT_MS = 60_000;

/** Blobs of one container, with ETags. Fails with the errors of a state store: StoreUnavailable, PreconditionFailed and so on. */
export class Blobs {
  private container: Promise<ContainerClient> | undefined;

  constructor(
    private readonly account: BlobAccount,
    private readonly name: string,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  /** `known`: the ETag of a copy; 'unchanged' if it is still the one. undefined: there is no such blob, or no container. */
  async get(blob: string, known?: string): Promise<Blob | 'unchanged' | undefined> {
    try {
      return await this.call(async (container, abortSignal) => {
        const conditions = known === undefined ? {} : { ifNoneMatch: known };
        const response = await container.getBlobClient(blob).download(0, undefined, { abortSignal, conditions });
        const chunks: Buffer[] = [];
        for await (const chunk of response.readableStreamBody!) chunks.push(Buffer.from(chunk));
        return { bytes: Buffer.concat(chunks), etag: response.etag! };
      });
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      if (known !== undefined && (error as { cause?: { statusCode?: number } }).cause?.statusCode === 304)
        return 'unchanged';
      throw error;
    }
  }

  /**
   * Writes a blob, with `over` only over the version of that ETag, or (`null`) where there is none: PreconditionFailed or AlreadyExists
   * otherwise. Makes the container where it is missing. Returns the new ETag.
   */
  async put(blob: string, bytes: Buffer, over?: string | null): Promise<string> {
    const write = (): Promise<string> => this.upload(blob, bytes, over);
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      // Not before the first write fails: an identity may be allowed to write blobs and not to create containers.
      await this.call((container, abortSignal) => container.createIfNotExists({ abortSignal }));
      return write();
    }
  }

  private upload(blob: string, bytes: Buffer, over: string | null | undefined): Promise<string> {
    return this.call(async (container, abortSignal) => {
      const conditions = over === undefined ? {} : over === null ? { ifNoneMatch: '*' } : { ifMatch: over };
      const written = await container
        .getBlockBlobClient(blob)
        .upload(bytes, bytes.byteLength, { abortSignal, conditions });
      return written.etag!;
    });
  }

  delete(blob: string): Promise<void> {
    return this.call(async (container, abortSignal) => {
      await container.getBlobClient(blob).deleteIfExists({ abortSignal });
    });
  }

  private async call<T>(action: (container: ContainerClient, abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      this.container ??= this.connect();
      const container = await this.container;
      return await within(this.timeoutMs, 'blob service', (abortSignal) => action(container, abortSignal));
    } catch (error) {
      throw translateError(error, Date.now());
    }
  }

  /** Loads the client library when it is first needed: it is slow to load. */
  private async connect(): Promise<ContainerClient> {
    const { BlobServiceClient } = await import('@azure/storage-blob');
    const { connectionString, blobServiceUri } = this.account.storage;
    const options = { retryOptions: { maxTries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2000 } };
    const service =
      connectionString !== undefined
        ? BlobServiceClient.fromConnectionString(connectionString, options)
        : new BlobServiceClient(blobServiceUri!, this.account.credential, options);
    return service.getContainerClient(this.name);
  }
}
