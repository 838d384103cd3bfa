import { StoreUnavailable } from '../../src/state/errors';
import { TableStore } from '../../src/state/table';
import { type Azurite, startAzurite } from '../support/azurite';
import { storeConformance } from './conformance';

let azurite: Azurite;
let store: TableStore;
let tables = 0;

beforeAll(async () => {
  azurite = await startAzurite();
  store = new TableStore({ connectionString: azurite.connectionString });
}, 60_000);
afterAll(() => azurite?.stop());

storeConformance('Table Storage', async () => ({ store, table: `things${tables++}` }));

describe('Table Storage out of reach', () => {
  it('is unavailable when nothing listens', async () => {
    const connectionString = azurite.connectionString.replace(/:\d+\/devstoreaccount1/g, ':1/devstoreaccount1');
    const gone = new TableStore({ connectionString, readRetries: 0 });
    await expect(gone.get('things', 'p', 'r')).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(
      gone.transact('things', 'p', [{ kind: 'upsert', rowKey: 'r', properties: {} }]),
    ).rejects.toBeInstanceOf(StoreUnavailable);
  });
});
