import { join } from 'node:path';
import fc from 'fast-check';
import { partitionForKey } from '../../../local/event-hubs-emulator/partition-key';

// The buffered producer's own mapper: not exported by the package, so it is loaded by its path.
const sdk: { mapPartitionKeyToId(key: string, partitionCount: number): number } = require(
  join(require.resolve('@azure/event-hubs'), '..', 'impl', 'partitionKeyToIdMapper.js'),
);

describe('partitionForKey', () => {
  it('agrees with the SDK for any key and partition count', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 1, max: 1024 }),
        (key, partitions) => {
          expect(partitionForKey(key, partitions)).toBe(sdk.mapPartitionKeyToId(key, partitions));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('agrees for every length around the block size', () => {
    for (let length = 0; length <= 40; length++) {
      const key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH'.slice(0, length);
      expect([length, partitionForKey(key, 32)]).toEqual([length, sdk.mapPartitionKeyToId(key, 32)]);
    }
  });
});
