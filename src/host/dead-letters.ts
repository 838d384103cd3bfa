import type { TokenCredential } from '@azure/identity';
import type { OperatorConfig } from '../config';
import { BlobBodies } from '../deadletters/blob-bodies';
import { DeadLetters } from '../deadletters/dead-letters';
import { byReason } from '../deadletters/message-parts';
import { DEAD_LETTER_REASONS, type DeadLetterReason } from '../deadletters/record';
import type { DeadLetterWriter } from '../engine';
import { sourceId } from '../state/keys';
import type { EntityStore } from '../state/store';

const isReason = (text: string): text is DeadLetterReason => DEAD_LETTER_REASONS.some((reason) => reason === text);

function checkedReason(reason: string): DeadLetterReason {
  if (!isReason(reason)) throw new Error(`unknown reason of a dead letter: ${reason}`);
  return reason;
}

/** The dead letters of a deployment: a table, and a container for long bodies. */
export function deadLetterStore(
  { storage, tablePrefix }: Pick<OperatorConfig, 'storage' | 'tablePrefix'>,
  store: EntityStore,
  credential: TokenCredential | undefined,
): DeadLetters {
  const bodies = new BlobBodies({
    connectionString: storage.connectionString,
    endpoint: storage.blobServiceUri,
    credential,
    container: `${tablePrefix.toLowerCase()}-dead-letters`,
  });
  return new DeadLetters(store, `${tablePrefix}DeadLetters`, bodies);
}

/** What the engine writes its dead letters to. `onWritten`: told how many records there were of a reason. */
export function deadLetterWriter(
  letters: DeadLetters,
  onWritten?: (reason: DeadLetterReason, count: number) => void,
): DeadLetterWriter {
  return {
    standing: ({ namespace, hub, incarnation, partition }, messages) =>
      letters.standing(
        { source: `${namespace}/${hub}`, partition, ...(incarnation === undefined ? {} : { incarnation }) },
        messages,
      ),
    async write(list) {
      const counts = new Map<DeadLetterReason, number>();
      await letters.write(
        list.map(({ source, reason, isProvisional, ...letter }) => {
          const checked = checkedReason(reason);
          for (const [one, count] of letter.parts ? byReason(letter.parts.parts) : [[checked, 1] as const])
            if (!isProvisional) counts.set(checkedReason(one), (counts.get(checkedReason(one)) ?? 0) + count);
          return {
            ...letter,
            reason: checked,
            source: `${source.namespace}/${source.hub}`,
            ...(source.incarnation === undefined ? {} : { incarnation: source.incarnation }),
            sourceId: sourceId(source.namespace, source.hub, source.incarnation),
            partition: source.partition,
            storedAt: Date.now(),
          };
        }),
      );
      for (const [reason, count] of counts) onWritten?.(reason, count);
    },
  };
}
