import type { BodyStore } from '../../src/deadletters/bodies';

export class MemoryBodies implements BodyStore {
  readonly bodies = new Map<string, Uint8Array>();

  async put(name: string, bytes: Uint8Array): Promise<void> {
    this.bodies.set(name, new Uint8Array(bytes));
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    return this.bodies.get(name);
  }

  async delete(name: string): Promise<void> {
    this.bodies.delete(name);
  }
}
