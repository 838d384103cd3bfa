import type { SampleBounds } from './sample';

/** What the emulator process and its parent say to each other over IPC. */
export type ToEmulator =
  | { type: 'stop' }
  | { type: 'setTime'; id: number; hub: string; now: number | undefined }
  | { type: 'recreateHub'; id: number; hub: string }
  | { type: 'sample'; id: number; hub: string; bounds: SampleBounds };

export type FromEmulator =
  | { type: 'ready'; port: number; connectionString: string }
  | { type: 'failed'; message: string }
  /** Part of the answer to `sample`; `done` comes after the last one. */
  | { type: 'bodies'; id: number; bodies: readonly Uint8Array[] }
  | { type: 'done'; id: number; error?: string };
