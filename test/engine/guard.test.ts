import { createEngine, type LogEvent, type UnevaluatedRecord } from '../../src/engine';
import { Attempts } from '../../src/engine/attempts';
import { Guard, OutOfTime } from '../../src/engine/guard';
import { StoreUnavailable } from '../../src/state/errors';
import { MemoryStore } from '../../src/state/memory';
import { engineOptions } from '../support/engine-options';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

const COUNT = 'Event | where EventID == 1 | summarize N = count() by Computer';
const OTHER = 'Event | where EventID > 0 | summarize Last = max(TimeGenerated) by Computer';
const NEVER = new Promise<never>(() => undefined);

/** What is left when processes come and go: the store, the dead letters, the hub. */
class Machine {
  readonly store = new MemoryStore();
  readonly letters = new Map<string, UnevaluatedRecord>();
  readonly log: LogEvent[] = [];
  readonly plans = [testPlan({ query: COUNT }), testPlan({ query: OTHER, id: '22222222-2222-4333-8444-555555555555' })];
  requests = 0;
  processes = 0;
  private readonly bodies = new Map<string, string[]>();

  /** Appends events to a partition of the hub. */
  send(partition: string, ...computers: string[]): void {
    const bodies = this.bodies.get(partition) ?? [];
    this.bodies.set(partition, bodies);
    for (const Computer of computers)
      bodies.push(
        JSON.stringify({ Type: 'Event', TimeGenerated: new Date(T0 + MINUTE).toISOString(), Computer, EventID: 1 }),
      );
  }

  batch(partition: string, from = 0, to = Number.POSITIVE_INFINITY) {
    const all = (this.bodies.get(partition) ?? []).map((text, sequenceNumber) => ({
      ...{ body: Buffer.from(text), sequenceNumber, enqueuedTime: T0 + 2 * MINUTE },
    }));
    const messages = all.filter(({ sequenceNumber }) => sequenceNumber >= from && sequenceNumber < to);
    return { source: { namespace: 'n', hub: 'h', partition }, messages };
  }

  process(dies: Dies = {}, budgetMs?: number): Process {
    this.processes++;
    return new Process(this, dies, budgetMs);
  }

  attempts(): Promise<ReadonlyMap<string, unknown>> {
    return new Attempts(this.store, 'control').readAll();
  }

  /** Counts by computer, as the flush would alert them. */
  async counts(): Promise<Record<string, number>> {
    const results: { Computer: string; N: number }[] = [];
    const sinks = [
      {
        name: 's',
        send: async (alerts: readonly object[]) => {
          for (const alert of alerts as { Results: { Computer: string; N: number }[] }[])
            results.push(...alert.Results);
          return { failed: [] };
        },
      },
    ];
    const engine = createEngine(engineOptions(this.store, { plans: this.plans, sinks, mode: 'replay' }));
    await engine.flush(T0 + HOUR + 10 * MINUTE);
    return Object.fromEntries(results.filter(({ N }) => N !== undefined).map(({ Computer, N }) => [Computer, N]));
  }
}

interface Dies {
  /** Reading an event of a computer whose name begins so. */
  reading?: string;
  /** Counting such an event, by the first rule. */
  counting?: string;
}

/** One process: when it dies nothing of it goes on, and what it was at never ends. */
class Process {
  readonly guard: Guard;
  private readonly end: () => void;
  readonly died: Promise<void>;
  private isDead = false;

  constructor(machine: Machine, { reading, counting }: Dies, budgetMs?: number) {
    let end = (): void => undefined;
    this.died = new Promise((resolve) => {
      end = resolve;
    });
    this.end = end;
    const store = Object.create(machine.store) as MemoryStore;
    store.get = (...args) => this.alive(() => machine.store.get(...args));
    store.transact = (table, key, operations) =>
      this.alive(() => {
        machine.requests++;
        const text = JSON.stringify(operations, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
        // The value of the count's group: its aggregate alone is a number in a list of one.
        if (counting && table === 'state' && text.includes(counting) && !/T00:|\d{10}/.test(aggregates(text)))
          return this.die();
        return machine.store.transact(table, key, operations);
      });
    const engine = createEngine(
      engineOptions(store, {
        plans: machine.plans,
        mode: 'replay',
        deadLetters: {
          write: (letters) =>
            this.alive(async () => {
              for (const letter of letters)
                machine.letters.set(
                  `${letter.source.partition} ${letter.sequenceNumber} ${letter.ruleId ?? ''}`,
                  letter,
                );
            }),
        },
      }),
    );
    this.guard = new Guard(
      async (batch, watch) => {
        for (const message of batch.messages) {
          watch.beat();
          if (reading && !watch.poison(message) && message.body.toString().includes(`"${reading}`)) return this.die();
        }
        return engine.evaluate(batch, watch);
      },
      { attempts: new Attempts(store, 'control'), log: (event) => machine.log.push(event), budgetMs },
    );
  }

  private alive<T>(action: () => Promise<T>): Promise<T> {
    return this.isDead ? NEVER : action();
  }

  private die(): Promise<never> {
    this.isDead = true;
    this.end();
    return NEVER;
  }

  /** False: it died meanwhile. */
  async evaluate(...batches: Parameters<Guard['evaluate']>[0][]): Promise<boolean> {
    const done = Promise.all(batches.map((batch) => this.guard.evaluate(batch)));
    return Promise.race([done.then(() => true), this.died.then(() => false)]);
  }
}

/** The aggregate of a stored group, out of the text of a transaction. */
const aggregates = (text: string): string => /\\"a\\":\[(.*?)\],\\"o/.exec(text)?.[1] ?? '';

/** Delivers batches to one process after another until one of them has done them all. */
async function deliver(machine: Machine, dies: Dies, ...batches: Parameters<Guard['evaluate']>[0][]): Promise<void> {
  for (let i = 0; i < 20; i++) if (await machine.process(dies).evaluate(...batches)) return;
  throw new Error('the partition stands still');
}

describe('a batch that is fine', () => {
  it('costs a note at the first of a process, and nothing after that', async () => {
    const machine = new Machine();
    machine.send('0', 'A', 'B', 'C');
    const process = machine.process();
    const noted: number[] = [];
    for (const at of [0, 1, 2]) {
      const before = machine.requests;
      await process.evaluate(machine.batch('0', at, at + 1));
      noted.push(machine.requests - before);
    }
    expect(noted[0]! - noted[1]!).toBe(2);
    expect(noted[2]).toBe(noted[1]);
    expect(await machine.attempts()).toEqual(new Map());
  });

  it('leaves no attempt behind where the store fails', async () => {
    const machine = new Machine();
    machine.send('0', 'A');
    machine.store.hooks = {
      before: (call) => {
        if (call.kind === 'transact' && call.table === 'state') throw new StoreUnavailable('no');
      },
    };
    for (let i = 0; i < 8; i++)
      await expect(machine.process().evaluate(machine.batch('0'))).rejects.toThrow(StoreUnavailable);
    expect(await machine.attempts()).toEqual(new Map());
    machine.store.hooks = {};
    await machine.process().evaluate(machine.batch('0'));
    expect(await machine.counts()).toEqual({ A: 1 });
    expect(machine.letters.size).toBe(0);
  });

  it('is no poison where not even the note can be taken back', async () => {
    const machine = new Machine();
    machine.send('0', 'A');
    let writes = 0;
    machine.store.hooks = {
      before: (call) => {
        // The note is written; all after it fails.
        if (call.kind === 'transact' && (call.table === 'state' || ++writes % 2 === 0))
          throw new StoreUnavailable('no');
      },
    };
    const process = machine.process();
    for (let i = 0; i < 12; i++) await expect(process.evaluate(machine.batch('0'))).rejects.toThrow(StoreUnavailable);
    machine.store.hooks = {};
    await process.evaluate(machine.batch('0'));
    expect(await machine.counts()).toEqual({ A: 1 });
    expect(machine.letters.size).toBe(0);
  });
});

describe('a message that ends the process', () => {
  it('goes to dead letters as it came, and the rest is counted once', async () => {
    const machine = new Machine();
    machine.send('0', 'A', 'B', 'A', 'KILL', 'B', 'C');
    await deliver(machine, { reading: 'KILL' }, machine.batch('0'));
    // Twice with all of the batch, twice alone; then it is put aside.
    expect(machine.processes).toBe(5);
    expect(await machine.counts()).toEqual({ A: 2, B: 2, C: 1 });
    const [letter] = [...machine.letters.values()];
    expect(machine.letters.size).toBe(1);
    expect(letter).toMatchObject({
      reason: 'poison',
      sequenceNumber: 3,
      record: 0,
      body: machine.batch('0').messages[3]!.body,
    });
    expect(letter!.isWholeMessage).toBeUndefined();
    expect(machine.log.map(({ message }) => message)).toContain('poison message put aside');
    expect(await machine.attempts()).toEqual(new Map());
  });

  it('at a later batch of a process costs one death more, and so does each further one', async () => {
    const machine = new Machine();
    machine.send('0', 'A', 'B', 'KILL1', 'C', 'KILL2', 'D');
    expect(await machine.process({ reading: 'KILL' }).evaluate(machine.batch('0', 0, 2))).toBe(true);
    await deliver(machine, { reading: 'KILL' }, machine.batch('0', 2));
    expect(await machine.counts()).toEqual({ A: 1, B: 1, C: 1, D: 1 });
    expect([...machine.letters.values()].map(({ sequenceNumber }) => sequenceNumber).sort()).toEqual([2, 4]);
    expect(machine.processes).toBeLessThanOrEqual(8);
  });

  it('takes nothing of other partitions with it', async () => {
    const machine = new Machine();
    machine.send('0', 'A', 'KILL', 'A');
    machine.send('1', 'B', 'B');
    machine.send('2', 'C', 'KILL', 'C');
    await deliver(machine, { reading: 'KILL' }, machine.batch('1'), machine.batch('0'), machine.batch('2'));
    expect(await machine.counts()).toEqual({ A: 2, B: 2, C: 2 });
    expect([...machine.letters.keys()].sort()).toEqual(['0 1 ', '2 1 ']);
  });

  it('while it is counted by one rule is counted by the others', async () => {
    const machine = new Machine();
    machine.send('0', 'A', 'KILL', 'B');
    await deliver(machine, { counting: 'KILL' }, machine.batch('0'));
    expect(await machine.counts()).toEqual({ A: 1, B: 1 });
    const [letter] = [...machine.letters.values()];
    expect(machine.letters.size).toBe(1);
    expect(letter).toMatchObject({ reason: 'poison', sequenceNumber: 1, ruleId: machine.plans[0]!.rule.id });
  });
});

describe('a batch that takes long', () => {
  it('is left to the next call, which begins where this one ended', async () => {
    const machine = new Machine();
    machine.send('0', 'A', 'A', 'A');
    // What was begun before is taken one by one, and its time is looked at in between.
    for (let i = 0; i < 2; i++) await machine.process({ reading: 'A' }).evaluate(machine.batch('0'));
    const process = machine.process({}, 0);
    for (const message of [0, 1]) {
      await expect(process.evaluate(machine.batch('0'))).rejects.toThrow(OutOfTime);
      expect([...(await machine.attempts()).values()]).toMatchObject([{ from: message + 1 }]);
    }
    await process.evaluate(machine.batch('0'));
    expect(await machine.counts()).toEqual({ A: 3 });
    expect(machine.letters.size).toBe(0);
  });
});
