/** A trigger at work. */
export interface RunningTrigger {
  /** Takes nothing new; resolves when what was running has ended and connections are closed. */
  stop(): Promise<void>;
}
