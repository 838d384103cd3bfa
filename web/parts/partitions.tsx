import type { PartitionView } from '../../src/board/types';
import { count } from '../lib/format';
import { visible } from '../lib/hostile';
import { Empty } from './panel';

export function Partitions({ partitions }: { readonly partitions: readonly PartitionView[] }) {
  if (partitions.length === 0) return <Empty>Nothing is known of partitions yet.</Empty>;
  return (
    <ul class="partitions">
      {partitions.map(({ id, sequenceNumber, lastSequenceNumber }) => {
        const behind = lastSequenceNumber === undefined ? undefined : Math.max(0, lastSequenceNumber - sequenceNumber);
        return (
          <li key={id}>
            <span class="name">{visible(id)}</span>
            <progress
              aria-label={`Partition ${visible(id)}`}
              max={Math.max(1, (lastSequenceNumber ?? sequenceNumber) + 1)}
              value={sequenceNumber + 1}
            />
            <span class="figure">{count(sequenceNumber + 1)}</span>
            <span class={behind ? 'behind' : 'muted'}>
              {behind === undefined ? '' : behind === 0 ? 'at the end' : `${count(behind)} behind`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
