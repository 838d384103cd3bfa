import { createServer } from 'node:net';
import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { type Azurite, startAzurite } from '../../local/azurite';

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('startAzurite', () => {
  let azurite: Azurite;
  beforeAll(async () => {
    azurite = await startAzurite();
  }, 60_000);
  afterAll(() => azurite?.stop());

  it('serves blobs and tables, and leaves no process behind', async () => {
    const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient('things');
    await container.create();
    await container.getBlockBlobClient('b').upload('hello', 5);
    expect((await container.getBlobClient('b').downloadToBuffer()).toString()).toBe('hello');
    const table = TableClient.fromConnectionString(azurite.connectionString, 'Things', {
      allowInsecureConnection: true,
    });
    await table.createTable();
    await table.createEntity({ partitionKey: 'p', rowKey: 'r', n: 1 });
    expect(await table.getEntity('p', 'r')).toMatchObject({ n: 1 });
    expect(isRunning(azurite.pid)).toBe(true);
    await azurite.stop();
    expect(isRunning(azurite.pid)).toBe(false);
  }, 60_000);

  it('says which port is taken', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    await expect(startAzurite({ blobPort: port })).rejects.toThrow(`port ${port} for blob storage is taken`);
    await new Promise((resolve) => server.close(resolve));
  });
});
