import type { BoardReader } from './reader';
import type { BoardRequest, BoardResponse } from './request';
import type { BoardSource } from './source';
import type { NowView, SessionView } from './types';

/** What an answer is made of. */
export interface RouteContext {
  readonly reader: BoardReader;
  readonly source: BoardSource;
  /** Whoever writes must bring it; absent: nobody can. */
  readonly token: string | undefined;
  readonly session: SessionView;
  now(): Promise<NowView>;
}

export type Action = (board: RouteContext, request: BoardRequest, parts: readonly string[]) => Promise<BoardResponse>;

export interface Route {
  readonly name: string;
  /** How many parts an address has, its name included. */
  readonly parts: number;
  readonly get?: Action;
  readonly post?: Action;
}
