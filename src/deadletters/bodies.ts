/** Where bodies go that are too long for an entity. Names have letters, digits, `.`, `-`, `_` and `/`. */
export interface BodyStore {
  /** Writes or replaces. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** @returns undefined when there is none */
  get(name: string): Promise<Uint8Array | undefined>;
  /** Nothing happens when there is none. */
  delete(name: string): Promise<void>;
}
