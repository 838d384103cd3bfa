/** What the workbench's own thread is asked, and how it answers. */
export type WorkRequest =
  | { readonly kind: 'check'; readonly query: string }
  | { readonly kind: 'complete'; readonly query: string; readonly position: number }
  | { readonly kind: 'run'; readonly query: string; readonly events: WorkEvents }
  | { readonly kind: 'funnel'; readonly ruleId: string; readonly events: WorkEvents }
  | { readonly kind: 'save'; readonly draft: SavedDraft; readonly events: WorkEvents };

/** A file that was dropped, or bodies of messages. */
export type WorkEvents =
  | { readonly file: string; readonly bytes: Uint8Array }
  | { readonly bodies: readonly Uint8Array[] };

export interface SavedDraft {
  readonly name: string;
  readonly query: string;
  readonly severity: string;
  readonly tactic: string;
  readonly technique: string;
}

/** `fault`: its caller can mend it. `error`: it is ours. */
export type WorkAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly fault: string }
  | { readonly id: number; readonly error: string };

/** How the thread begins. */
export interface WorkerSetup {
  /** Rule files and folders. */
  readonly rules: readonly string[];
  readonly tables?: string;
  /** The folder that rules are saved in; absent: they are not. */
  readonly saveTo?: string;
}
