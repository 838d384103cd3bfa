import type { EntityRange, EntityStore, StoredEntity } from './store';

/** Lets so many actions run at a time; the others wait, first come first served. */
class Turnstile {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly most: number) {}

  async pass<T>(action: () => Promise<T>): Promise<T> {
    if (this.running === this.most) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    try {
      return await action();
    } finally {
      // Whoever waits takes the place over.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}

/** A store of which at most so many requests are under way at a time, whoever asks. Each page of a query is a request. */
export function boundRequests(store: EntityStore, most: number): EntityStore {
  const turnstile = new Turnstile(most);
  return {
    get: (...args) => turnstile.pass(() => store.get(...args)),
    query: (...args) => pagesOf(store, args, turnstile),
    transact: (...args) => turnstile.pass(() => store.transact(...args)),
    ...(store.time ? { time: (table: string) => turnstile.pass(() => store.time!(table)) } : {}),
  };
}

async function* pagesOf(
  store: EntityStore,
  args: [table: string, range: EntityRange, pageSize?: number],
  turnstile: Turnstile,
): AsyncGenerator<readonly StoredEntity[]> {
  const pages = store.query(...args)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const page = await turnstile.pass(() => pages.next());
      if (page.done) return;
      yield page.value;
    }
  } finally {
    // Who has seen enough ends the query, too.
    await pages.return?.();
  }
}
