import { useEffect, useState } from 'preact/hooks';

/** A value that components follow. */
export class Shared<T> {
  private readonly followers = new Set<() => void>();

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  set value(next: T) {
    if (Object.is(next, this.current)) return;
    this.current = next;
    for (const follower of [...this.followers]) follower();
  }

  follow(action: () => void): () => void {
    this.followers.add(action);
    return () => this.followers.delete(action);
  }
}

export function useShared<T>(shared: Shared<T>): T {
  const [, again] = useState(0);
  useEffect(() => shared.follow(() => again((n) => n + 1)), [shared]);
  return shared.value;
}
