import type { LogEntry } from './core-types';

/** What a host tells whoever runs it. */
export type HostEvent =
  | { type: 'ready'; httpPort: number; functions: string[] }
  | { type: 'failed'; message: string }
  /** One attempt of an invocation has ended. `events` is the batch size of an Event Hub trigger, else 0. */
  | {
      type: 'invocation';
      function: string;
      ok: boolean;
      events: number;
      durationMs: number;
      retryCount: number;
      partitionId?: string;
      /** Sequence numbers of the first and last event of the batch. */
      sequenceNumbers?: [number, number];
      error?: string;
    }
  | { type: 'checkpoint'; function: string; partitionId: string; sequenceNumber: number }
  | ({ type: 'log' } & LogEntry)
  /** Answer to an 'invoke' request. */
  | { type: 'invoked'; id: number; ok: boolean; error?: string };

export type ToHost = { type: 'stop' } | { type: 'invoke'; id: number; function: string };

export type Report = (event: HostEvent) => void;
