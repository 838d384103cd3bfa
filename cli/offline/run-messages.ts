import type { RulePlan } from '../../src/plan/rule-plan';
import type { Piece } from '../io/pieces';
import type { OfflineState } from './offline';
import type { PieceOutcome } from './piece-run';

/** What a thread that evaluates pieces begins with. */
export interface RunSetup {
  readonly plans: readonly RulePlan[];
  readonly partition: string;
  /** Enqueued time of every message, ms. */
  readonly now: number;
}

/** A piece to evaluate, or the state of all that went before. */
export type RunRequest = { readonly kind: 'piece'; readonly piece: Piece } | { readonly kind: 'state' };

export type RunAnswer =
  | { readonly kind: 'piece'; readonly outcome: PieceOutcome }
  | { readonly kind: 'state'; readonly state: OfflineState }
  | { readonly kind: 'fault'; readonly message: string };
