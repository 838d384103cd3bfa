import type { NowView, ReadingView, SessionView } from '../../src/board/types';
import { get } from './api';
import { Shared } from './signal';

const KEPT = 1_200;
/** How long after its last answer a board that is asked again and again counts as lost, ms. */
const PATIENCE_MS = 20_000;
const AGAIN_MS = 5_000;

export const session = new Shared<SessionView | undefined>(undefined);
export const now = new Shared<NowView | undefined>(undefined);
export const link = new Shared<'connecting' | 'live' | 'polled' | 'lost'>('connecting');
/** Readings, the oldest first. */
export const readings: ReadingView[] = [];

let events: EventSource | undefined;
let heardAt = 0;

function take(view: NowView): void {
  const messages = view.partitions.reduce((sum, { sequenceNumber }) => sum + sequenceNumber + 1, 0);
  readings.push({ at: view.at, messages });
  if (readings.length > KEPT) readings.splice(0, readings.length - KEPT);
  now.value = view;
}

/** Begins to follow the stream by server-sent events, as long as somebody looks. */
export async function follow(): Promise<void> {
  for (;;) {
    try {
      session.value = await get<SessionView>('api/session');
      break;
    } catch {
      link.value = 'lost';
      await pause(2_000);
    }
  }
  readings.push(...session.value.readings);
  document.addEventListener('visibilitychange', listen);
  listen();
}

/** A page that nobody sees asks for nothing: where the app serves it, each answer is paid for. */
function listen(): void {
  if (document.hidden) {
    events?.close();
    events = undefined;
  } else if (!events) {
    events = open();
  }
}

function open(): EventSource {
  const source = new EventSource('api/live');
  source.addEventListener('now', (event) => {
    heardAt = Date.now();
    link.value = session.value?.isLive ? 'live' : 'polled';
    take(JSON.parse((event as MessageEvent<string>).data) as NowView);
  });
  source.addEventListener('trouble', () => {
    link.value = 'lost';
  });
  source.addEventListener('error', () => {
    const isOver = source.readyState === EventSource.CLOSED;
    // Where an answer is one event its end is no fault: the browser comes again by itself.
    if (isOver || session.value?.isLive || Date.now() - heardAt > PATIENCE_MS) link.value = 'lost';
    // It does not after an answer that is none (a board that began anew, a sign-in that is over).
    if (isOver) window.setTimeout(reopen, AGAIN_MS, source);
  });
  return source;
}

function reopen(closed: EventSource): void {
  if (events !== closed) return;
  events = undefined;
  listen();
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
