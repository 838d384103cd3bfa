/** What the emulator process and its parent say to each other over IPC. */
export type ToEmulator =
  | { type: 'stop' }
  | { type: 'setTime'; id: number; hub: string; now: number | undefined }
  | { type: 'recreateHub'; id: number; hub: string };

export type FromEmulator =
  | { type: 'ready'; port: number; connectionString: string }
  | { type: 'failed'; message: string }
  | { type: 'done'; id: number; error?: string };
