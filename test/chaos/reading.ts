import type { HubMessage } from '../../src/events/types';
import { MINUTE } from '../support/stream';
import type { Hub } from './hub';
import { count } from './world';

/** Messages of a partition that are delivered together. */
export interface Delivery {
  /** Of the hub that they were read from. */
  readonly incarnation: string;
  readonly partition: number;
  readonly messages: readonly HubMessage[];
}

/** Only what was taken in so lately (ms) may be under way when its hub is deleted: nothing says what is unread of a hub that is gone. */
const UNDER_WAY = 3 * MINUTE;

/** How far the partitions of the hub have been read, and what is still to be evaluated of hubs that are gone. */
export class Reading {
  /** By partition: where the next batch begins. */
  checkpoints: number[];
  /** Of hubs that were deleted: evaluation has begun, and is not known to be done. Nobody else holds these any more. */
  readonly left: Delivery[] = [];
  private begun: number[];
  private done: number[];

  constructor(
    private readonly hub: Hub,
    private readonly happened: Map<string, number>,
  ) {
    this.checkpoints = hub.logs.map(() => 0);
    this.begun = [...this.checkpoints];
    this.done = [...this.checkpoints];
  }

  begin(delivery: Delivery): void {
    if (delivery.incarnation !== this.hub.incarnation) return;
    const { partition } = delivery;
    this.begun[partition] = Math.max(this.begun[partition]!, endOf(delivery));
  }

  /** As the hub's client does: the last one to finish says where to go on, even if it is behind. */
  end(delivery: Delivery): void {
    const at = this.left.indexOf(delivery);
    if (at >= 0) this.left.splice(at, 1);
    if (delivery.incarnation !== this.hub.incarnation) return;
    const { partition } = delivery;
    this.checkpoints[partition] = endOf(delivery);
    this.done[partition] = Math.max(this.done[partition]!, endOf(delivery));
  }

  /** Deletes the hub and makes it anew, with whatever is under way. What nobody has begun goes with it. Returns false where it may not be. */
  recreate(now: number): boolean {
    const { logs, incarnation } = this.hub;
    const left = logs.flatMap((log, partition): Delivery[] => {
      const messages = log.slice(this.done[partition], this.begun[partition]);
      return messages.length > 0 ? [{ incarnation, partition, messages }] : [];
    });
    const first = Math.min(...left.flatMap(({ messages }) => messages.map(({ enqueuedTime }) => enqueuedTime)));
    if (this.left.length > 0 || first < now - UNDER_WAY) return false;
    this.left.push(...left);
    this.hub.recreate(now, this.begun);
    this.checkpoints = logs.map(() => 0);
    this.begun = [...this.checkpoints];
    this.done = [...this.checkpoints];
    count(this.happened, left.length > 0 ? 'hub made anew with a batch under way' : 'hub made anew');
    return true;
  }
}

const endOf = ({ messages }: Delivery): number => messages.at(-1)!.sequenceNumber + 1;
