import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openAddress } from '../../cli/board/open-address';
import { type EventSample, ThreadWorkbench } from '../../cli/board/workbench';
import { Board } from '../../src/board/board';
import { newToken } from '../../src/board/security';
import { serveBoard } from '../../src/board/server';
import type { BoardSource } from '../../src/board/source';
import type { PartitionView, ReadingView } from '../../src/board/types';
import { readOperatorConfig } from '../../src/config';
import { openBoardSource } from '../../src/host/board';
import { messageOf } from '../../src/state/message';
import { preferPort } from '../ports';
import type { Stack } from '../stack';
import type { StartOptions } from './options';
import type { Processed } from './processed';

const USUAL_PORT = 7070;
/** Ten minutes of them are kept. */
const MOST_READINGS = 600;
/** Of the sample, at most. */
const SAMPLE = { messages: 50_000, bytes: 48 * 1024 * 1024 };
const SESSION = { host: 'local', name: 'npm start', mode: 'replay' } as const;

export interface LocalBoard {
  readonly address: string;
  readonly token: string;
  /** Called when the stack is up; until then the page waits. */
  attach(stack: Stack): void;
  stop(): Promise<void>;
}

/**
 * Serves the board of `npm start` and prints its address, before anything else has begun. undefined: the page is not built beside this
 * program.
 */
export async function startLocalBoard(
  options: Pick<StartOptions, 'app' | 'boardPort' | 'open'>,
  processed: Pick<Processed, 'positions'>,
  print: (line: string) => void,
): Promise<LocalBoard | undefined> {
  const folder = join(options.app, 'dist', 'board');
  if (!existsSync(join(folder, 'index.html.gz'))) return undefined;
  const token = newToken();
  let attach: (stack: Stack) => void = () => undefined;
  const attached = new Promise<Stack>((resolve) => {
    attach = resolve;
  });
  // What the local hub retains anyway: events of any sender are in it.
  const sample: EventSample = async (minutes) => {
    const { emulator, hub } = await attached;
    return emulator.sample(hub, { ...SAMPLE, since: Date.now() - minutes * 60_000 });
  };
  const rules = join(options.app, 'rules');
  const workbench = existsSync(rules) ? new ThreadWorkbench({ rules: [rules], saveTo: rules, sample }) : undefined;
  const readings: ReadingView[] = [];
  // What this process is told anyway: nothing is read for it.
  const watch = setInterval(() => {
    const messages = [...processed.positions.values()].reduce((sum, next) => sum + next, 0);
    readings.push({ at: Date.now(), messages });
    if (readings.length > MOST_READINGS) readings.shift();
  }, 1_000);
  watch.unref();
  const opened = attached.then(({ env }) => {
    const config = readOperatorConfig(env, join(options.app, 'dist', 'plans.json'));
    return openBoardSource(config, { session: SESSION, canResend: true });
  });
  const source = waiting(opened, {
    session: SESSION,
    positions: () => positionsOf(processed.positions),
    readings: () => readings,
    ...(workbench ? { workbench } : {}),
  });
  const onError = (error: unknown, path: string): void => print(`the board failed on ${path}: ${messageOf(error)}`);
  const board = new Board({ source, folder, token, isLive: true, onError });
  const server = await serveBoard(board, options.boardPort ?? (await preferPort(USUAL_PORT)));
  print(`board: ${server.address}`);
  if (options.open) openAddress(server.address, print);
  return {
    address: server.address,
    token,
    attach,
    async stop() {
      clearInterval(watch);
      await workbench?.stop();
      await server.stop();
    },
  };
}

/** In a replay the app notes no progress: the host tells what it has delivered. */
const positionsOf = (next: ReadonlyMap<string, number>): PartitionView[] =>
  [...next].map(([id, sequence]) => ({ id, sequenceNumber: sequence - 1, enqueuedTime: 0 }));

/** A source whose storage comes later: whoever asks before that waits. */
function waiting(
  opened: Promise<BoardSource>,
  own: Pick<BoardSource, 'session' | 'positions' | 'readings' | 'workbench'>,
): BoardSource {
  let there: BoardSource | undefined;
  void opened.then((source) => {
    there = source;
  });
  return {
    ...own,
    storage: async () => (await opened).storage(),
    plans: async () => (await opened).plans(),
    pages: () => there?.pages() ?? [],
    health: async (now) => (await opened).health(now),
    graceMs: (ruleId, plans) => there?.graceMs(ruleId, plans) ?? 0,
    hubEnds: async () => (await opened).hubEnds?.() ?? [],
    resend: async (id, how) => (await opened).resend?.(id, how),
  };
}
