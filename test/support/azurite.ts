import { type Azurite, startAzurite } from '../../local/azurite';

export { type Azurite, startAzurite };

/** One Azurite for all tests of the file: call at the top level of it, and read `connectionString` inside tests. */
export function useAzurite(): { readonly connectionString: string } {
  let azurite: Azurite | undefined;
  beforeAll(async () => {
    azurite = await startAzurite();
  }, 60_000);
  afterAll(async () => {
    await azurite?.stop();
  });
  return {
    get connectionString() {
      if (!azurite) throw new Error('Azurite runs only inside tests and hooks');
      return azurite.connectionString;
    },
  };
}
