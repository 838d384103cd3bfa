import { isOutage } from '../../state/errors';
import { type AlertJson, reasonOf } from '../sinks/sink';
import { readAlert } from './alert-rows';
import { type Delivered, readDelivered } from './delivered';
import type { PendingNote } from './publish';
import { lookupWindow, type ManifestEntry, type Outbox, type WindowRecord } from './windows';

/** Whether two notes are of one window. */
export const isSame = (a: PendingNote, b: PendingNote): boolean => a.ruleId === b.ruleId && a.windowEnd === b.windowEnd;

/** What is to be sent of a window. */
interface Found {
  readonly window: WindowRecord;
  readonly delivered: Delivered;
  readonly todo: readonly ManifestEntry[];
  /** The first of them, as far as they were read ahead. */
  readonly alerts: readonly (AlertJson | undefined)[];
}

/** Windows read at the same time, and alerts of each of them. */
export const AHEAD = 16;
const ALERTS_AHEAD = 4;

/** Reads what notes stand for, some of them at the same time. */
export class ReadAhead {
  private readonly found = new Map<number, PromiseSettledResult<Found | { readonly reason: string }>>();

  constructor(
    private readonly outbox: Outbox,
    private readonly sink: string,
    private readonly notes: readonly PendingNote[],
  ) {}

  /**
   * What one of the notes stands for. `isHeld`: whether something of a note's window is about to be sent. `reason`: why it cannot be read,
   * which must not keep other windows waiting. Throws StoreUnavailable.
   */
  async read(index: number, isHeld: (note: PendingNote) => boolean): Promise<Found | { readonly reason: string }> {
    if (!this.found.has(index)) {
      const some: PendingNote[] = [];
      // Up to another note of one of these windows: what it stands for hangs on what will have been sent before.
      for (const note of this.notes.slice(index, index + AHEAD)) {
        if (isHeld(note) || some.some((other) => isSame(other, note))) break;
        some.push(note);
      }
      const all = await Promise.allSettled(some.map((note) => this.find(note)));
      for (const [i, one] of all.entries()) this.found.set(index + i, one);
    }
    const found = this.found.get(index)!;
    this.found.delete(index);
    if (found.status === 'rejected') throw found.reason;
    return found.value;
  }

  private async find(note: PendingNote): Promise<Found | { readonly reason: string }> {
    const { outbox, sink } = this;
    try {
      const [window, delivered] = await Promise.all([lookupWindow(outbox, note), readDelivered(outbox, note, sink)]);
      const todo = window.manifest.filter((entry) => (delivered.revisions.get(entry.id) ?? 0) < entry.revision);
      const alerts = await Promise.all(todo.slice(0, ALERTS_AHEAD).map((entry) => readable(outbox, window, entry)));
      return { window, delivered, todo, alerts };
    } catch (error) {
      if (isOutage(error)) throw error;
      return { reason: `a window of the outbox cannot be read: ${reasonOf(error)}` };
    }
  }
}

/** An alert of the manifest; undefined where it is not there, or is damaged. */
export async function readable(outbox: Outbox, window: WindowRecord, { id, revision }: ManifestEntry) {
  try {
    return await readAlert(outbox, window, id, revision);
  } catch (error) {
    if (isOutage(error)) throw error;
    return undefined;
  }
}
