import { WHOLE_RECORD } from '../state/held';
import type { RowPosition } from '../state/position';
import type { Survivor } from '../streaming/leg-runner';
import { Faults } from './faults';
import { LetterBox, type RecordAt } from './letter-box';
import type { EngineLeg } from './rules';
import type { BatchSource } from './types';

/**
 * A surviving row, as it is counted, or the place of a record of which none is to be counted now; with the record. `held`: who counts it, as in
 * `Held`; `groupKey`: of a leg with groups.
 */
export type LegRow = {
  readonly position: RowPosition;
  readonly record: RecordAt;
} & (
  | { readonly row: Survivor; readonly groupKey: string | undefined; readonly held?: undefined }
  | { readonly row?: undefined; readonly groupKey?: undefined; readonly held: string }
);

/** Text (characters, unpacked) of messages of which rows or dead letters are held: some five times as many bytes of memory. */
const MOST_TEXT = 16_000_000;
/** A power of two, less one. */
const CLOCK_EVERY = 15;
/** How long messages are read before what was found is made durable, ms. */
const MOST_MS = 10_000;

/**
 * What was found in a part of a batch and is not durable yet. A batch of usual messages is one slice, since only messages with matches are
 * held: cutting it costs requests.
 */
export class Slice {
  readonly pending = new Map<EngineLeg, Map<number, LegRow[]>>();
  readonly box: LetterBox;
  readonly faults = new Faults();
  /** Rows held. */
  rows = 0;
  private text = 0;
  private asked = 0;
  private readonly begun = performance.now();

  constructor(source: BatchSource) {
    this.box = new LetterBox(source);
  }

  add(leg: EngineLeg, record: RecordAt, survivor: Survivor, ordinal: number): void {
    const position = positionOf(record, ordinal);
    this.put(leg, survivor.paneStart, { position, groupKey: survivor.groupKey, row: survivor, record });
  }

  /** A leg failed on a record: its place in the pane is held for its letter. */
  hold(leg: EngineLeg, record: RecordAt, paneStart: number): void {
    this.put(leg, paneStart, { held: '', position: positionOf(record, WHOLE_RECORD), record });
  }

  private put(leg: EngineLeg, paneStart: number, row: LegRow): void {
    const panes = this.pending.get(leg) ?? new Map<number, LegRow[]>();
    if (panes.size === 0) this.pending.set(leg, panes);
    const rows = panes.get(paneStart) ?? [];
    if (rows.length === 0) panes.set(paneStart, rows);
    this.rows++;
    rows.push(row);
  }

  /** Something of a message is held. `text`: characters of the message, unpacked. */
  holds(text: number): void {
    this.text += text;
  }

  /** Asked after every message: the clock is looked at after some of them only. */
  get isFull(): boolean {
    if (this.text >= MOST_TEXT) return true;
    return (++this.asked & CLOCK_EVERY) === 0 && performance.now() - this.begun >= MOST_MS;
  }
}

const positionOf = ({ message: { sequenceNumber }, index }: RecordAt, ordinal: number): RowPosition => ({
  sequenceNumber,
  record: index,
  ordinal,
});
