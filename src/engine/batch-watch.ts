import type { HubMessage } from '../events/types';

/** Who watches over an evaluation: is told how far it has come, and may leave out what was tried before and ended the process. */
export interface BatchWatch {
  /** Before each message is read, and before the rows of each state partition are written. */
  beat(): void;
  /** A message that is not to be read: it goes to dead letters as `poison`. `isCounted`: rows of it may have been counted. */
  poison(message: HubMessage): { readonly isCounted: boolean } | undefined;
  /** Whether `mayCount` is to be asked of one state partition at a time, and not of the next before it is counted. */
  readonly isOneByOne: boolean;
  /** Before rows are counted into a state partition. False: they are not, and go to dead letters. */
  mayCount(statePartition: string): Promise<boolean>;
  /** All up to this message is durable. Throws where the batch has taken its time: the rest must be delivered again. */
  durable(sequenceNumber: number): Promise<void>;
}

export const UNWATCHED: BatchWatch = {
  beat: () => undefined,
  poison: () => undefined,
  isOneByOne: false,
  mayCount: async () => true,
  durable: async () => undefined,
};
