import type { NowView, ReadingView, SessionView } from '../../src/board/types';
import { get } from './api';
import { Shared } from './signal';

const KEPT = 1_200;
const POLL_MS = 5_000;

export const session = new Shared<SessionView | undefined>(undefined);
export const now = new Shared<NowView | undefined>(undefined);
export const link = new Shared<'connecting' | 'live' | 'polled' | 'lost'>('connecting');
/** Readings, the oldest first. */
export const readings: ReadingView[] = [];

function take(view: NowView): void {
  const messages = view.partitions.reduce((sum, { sequenceNumber }) => sum + sequenceNumber + 1, 0);
  readings.push({ at: view.at, messages });
  if (readings.length > KEPT) readings.splice(0, readings.length - KEPT);
  now.value = view;
}

/** Begins to follow the stream: pushed where the host pushes, else asked for. */
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
  if (session.value.isLive) push();
  else void poll();
}

function push(): void {
  const events = new EventSource('api/live');
  events.addEventListener('now', (event) => {
    link.value = 'live';
    take(JSON.parse((event as MessageEvent<string>).data) as NowView);
  });
  events.addEventListener('trouble', () => {
    link.value = 'lost';
  });
  // The browser tries again by itself.
  events.addEventListener('error', () => {
    link.value = 'lost';
  });
}

async function poll(): Promise<void> {
  for (;;) {
    if (!document.hidden) {
      try {
        take(await get<NowView>('api/now'));
        link.value = 'polled';
      } catch {
        link.value = 'lost';
      }
    }
    await pause(POLL_MS);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
