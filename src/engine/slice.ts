import type { RowPosition } from '../state/position';
import type { Survivor } from '../streaming/leg-runner';
import { Faults } from './faults';
import { LetterBox, type RecordAt } from './letter-box';
import type { EngineLeg } from './rules';
import type { BatchSource } from './types';

/** A surviving row, as it is counted, and the record that it comes from. */
export interface LegRow {
  readonly position: RowPosition;
  /** Of a leg with groups. */
  readonly groupKey: string | undefined;
  readonly row: Survivor;
  readonly record: RecordAt;
}

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
    const position = { sequenceNumber: record.message.sequenceNumber, record: record.index, ordinal };
    this.rows++;
    this.rowsOf(leg, survivor.paneStart).push({ position, groupKey: survivor.groupKey, row: survivor, record });
  }

  private rowsOf(leg: EngineLeg, paneStart: number): LegRow[] {
    const panes = this.pending.get(leg) ?? new Map<number, LegRow[]>();
    if (panes.size === 0) this.pending.set(leg, panes);
    const rows = panes.get(paneStart) ?? [];
    if (rows.length === 0) panes.set(paneStart, rows);
    return rows;
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
