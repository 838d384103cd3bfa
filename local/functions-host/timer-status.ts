import { BlobServiceClient, type ContainerClient, RestError } from '@azure/storage-blob';

/** As the real host keeps it; times are ISO-8601. */
export interface TimerStatus {
  Last: string;
  Next: string;
  LastUpdated: string;
}

/** Where the last run of each timer is kept across restarts: blobs in `azure-webjobs-hosts`, as in the real host. */
export class TimerStatusStore {
  readonly #container: ContainerClient;
  readonly #hostId: string;
  #created = false;

  constructor(storageConnectionString: string, hostId: string) {
    this.#container =
      BlobServiceClient.fromConnectionString(storageConnectionString).getContainerClient('azure-webjobs-hosts');
    this.#hostId = hostId;
  }

  #blob(functionName: string) {
    return this.#container.getBlockBlobClient(`timers/${this.#hostId}/Host.Functions.${functionName}/status`);
  }

  async read(functionName: string): Promise<TimerStatus | undefined> {
    try {
      return JSON.parse((await this.#blob(functionName).downloadToBuffer()).toString('utf8'));
    } catch (error) {
      if (error instanceof RestError && error.statusCode === 404) return undefined;
      throw error;
    }
  }

  async write(functionName: string, status: TimerStatus): Promise<void> {
    if (!this.#created) await this.#container.createIfNotExists();
    this.#created = true;
    const text = JSON.stringify(status);
    await this.#blob(functionName).upload(text, Buffer.byteLength(text), {
      blobHTTPHeaders: { blobContentType: 'application/json' },
    });
  }
}
