import type { Row } from '../kql';
import { orderHead, orderText } from './canonical-order';
import { placeOf, type SourceEvent } from './event-place';

/** A row that came through a leg's row stage. */
export class Survivor {
  private known: string | undefined;

  constructor(
    /** Start of its pane, ms since 1970: from the event's own TimeGenerated. */
    readonly paneStart: number,
    /** The event stands on the first tick of its pane: bounds such as `> ago(1d)` leave it out. */
    readonly isEdge: boolean,
    readonly row: Row,
    /** Group key of a leg with groups. */
    readonly groupKey: string | undefined,
    private readonly event: SourceEvent,
    /** The event's TimeGenerated, ticks. */
    private readonly stamp: bigint,
    private readonly branch: number,
    private readonly ordinal: number,
  ) {}

  /** Its place in canonical order. Worked out when it is asked for: it takes a hash of the whole event. */
  get order(): string {
    this.known ??= orderText(this.branch, placeOf(this.event, this.stamp), this.ordinal);
    return this.known;
  }

  /** Whether its order is before another one; the times decide mostly, and then it need not be worked out. */
  isBefore(order: string): boolean {
    const head = orderHead(this.branch, this.stamp);
    return order.startsWith(head) ? this.order < order : head < order;
  }
}
