import type { LogEvent } from '../../src/engine';
import type { RulePlan } from '../../src/plan/rule-plan';
import { type Piece, PieceReader } from '../io/pieces';
import { OfflineRun } from './offline';
import { type UnreadCount, UnreadTally } from './unread';

/** What a piece has come to, beside the state that it left. */
export interface PieceOutcome {
  readonly messages: number;
  readonly records: number;
  readonly matches: number;
  /** Messages are counted from the beginning of the piece. */
  readonly unread: readonly UnreadCount[];
  readonly logs: readonly LogEvent[];
}

/** Evaluates pieces, one after another, as messages of a partition of its own: what rules say does not depend on how pieces are dealt out. */
export class PieceRun {
  readonly run: OfflineRun;
  private readonly reader = new PieceReader();
  private sequence = 0;
  private logs: LogEvent[] = [];
  private unread = new UnreadTally();
  private pieceStart = 0;

  /** @param now enqueued time of every message, ms */
  constructor(
    plans: readonly RulePlan[],
    private readonly partition: string,
    now: number,
  ) {
    this.run = new OfflineRun(
      plans,
      (event) => this.logs.push(event),
      now,
      (letters) => this.unread.addLetters(letters, this.pieceStart),
    );
  }

  /** Throws Error, with the file's name, where the piece cannot be read. */
  async evaluate(piece: Piece): Promise<PieceOutcome> {
    this.logs = [];
    this.unread = new UnreadTally();
    this.pieceStart = this.sequence;
    const before = { records: this.run.records, matches: this.run.matches };
    const messages = this.reader.bodies(piece).map((body) => ({
      body,
      sequenceNumber: this.sequence++,
      enqueuedTime: this.run.now,
    }));
    if (messages.length > 0) await this.run.evaluate(messages, this.partition);
    return {
      messages: messages.length,
      records: this.run.records - before.records,
      matches: this.run.matches - before.matches,
      unread: this.unread.list(),
      logs: this.logs,
    };
  }

  /** Events that were logged since the last piece. */
  takeLogs(): readonly LogEvent[] {
    return this.logs.splice(0);
  }

  close(): void {
    this.reader.close();
  }
}
