import { BlobBodies } from '../../src/deadletters/blob-bodies';
import { Blobs } from '../../src/host/blobs';
import { StoreUnavailable } from '../../src/state/errors';
import { type Azurite, startAzurite } from '../support/azurite';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy';

jest.setTimeout(60_000);

describe('blob storage that does not answer', () => {
  let azurite: Azurite;
  let proxy: FaultProxy;
  let connectionString: string;
  beforeAll(async () => {
    azurite = await startAzurite();
    proxy = await startFaultProxy(azurite.blobPort);
    connectionString = azurite.connectionString.replace(`:${azurite.blobPort}/`, `:${proxy.port}/`);
  });
  afterAll(async () => {
    await proxy?.stop();
    await azurite?.stop();
  });
  beforeEach(() => {
    proxy.decide = () => 'pass';
  });

  it.each(['hang-before', 'hang-after', 'hang-amid'] as const)(
    '%s: no call takes longer than its bound',
    async (fault) => {
      const blobs = new Blobs({ storage: { connectionString } as never }, 'things', 1_000);
      const body = Buffer.alloc(100_000, 'a');
      await blobs.put('b', body);
      proxy.decide = () => fault;
      await expect(blobs.get('b')).rejects.toBeInstanceOf(StoreUnavailable);
      if (fault !== 'hang-amid') await expect(blobs.put('b', body)).rejects.toBeInstanceOf(StoreUnavailable);
      proxy.decide = () => 'pass';
      expect(await blobs.get('b')).toMatchObject({ bytes: body });
    },
  );

  it.each(['hang-before', 'hang-amid'] as const)('%s: nor one for a dead letter', async (fault) => {
    const bodies = new BlobBodies({ connectionString, container: 'letters', timeoutMs: 1_000 });
    const body = Buffer.alloc(100_000, 'a');
    if (fault === 'hang-before') proxy.decide = () => fault;
    // Its container is not there yet.
    if (fault === 'hang-before') await expect(bodies.put('b', body)).rejects.toBeInstanceOf(StoreUnavailable);
    proxy.decide = () => 'pass';
    await bodies.put('b', body);
    proxy.decide = () => fault;
    await expect(bodies.get('b')).rejects.toBeInstanceOf(StoreUnavailable);
    proxy.decide = () => 'pass';
    expect(Buffer.from((await bodies.get('b'))!)).toEqual(body);
  });
});
