import type { HostProcess } from '../../local/functions-host/process';
import { fullAttack } from '../e2e/samples';
import { deployDeadlyApp } from '../support/deadly/deploy';
import { TestStack } from '../support/full-stack';
import { until } from '../support/until';

jest.setTimeout(900_000);

const HOUR_END = '2026-02-03T10:00:00';
/** Messages of a partition before and after the one that kills. */
const BEFORE = 7;
const AFTER = 6;

/** One host that evaluates, started again whenever it has died, as the platform does. */
class Platform {
  starts = 0;
  private isOn = true;
  private running: Promise<void>;

  constructor(private readonly stack: TestStack) {
    this.running = this.run();
  }

  private async run(): Promise<void> {
    while (this.isOn) {
      this.starts++;
      const host: HostProcess = await this.stack.startHost(['evaluate'], {
        env: { NODE_OPTIONS: '--max-old-space-size=160' },
      });
      await host.exited;
    }
  }

  async stop(): Promise<void> {
    this.isOn = false;
    await Promise.all(this.stack.stack.hosts.map((host) => host.stop()));
    await this.running;
  }
}

describe('a message that no process survives', () => {
  let app: Awaited<ReturnType<typeof deployDeadlyApp>>;
  let stack: TestStack;

  beforeAll(async () => {
    app = await deployDeadlyApp(['test/e2e/rules/count.yaml']);
    stack = await TestStack.start({ app: app.directory, hubs: { events: 3 }, hosts: [] });
  });
  afterAll(async () => {
    await stack?.stop();
    app?.remove();
  });

  it('goes to dead letters as poison; its partition goes on, and the rest is counted once', async () => {
    const kinds = ['exit', 'loop', 'allocate'];
    const row = (n: number) => ({
      records: [fullAttack('2026-02-03T09:30:00Z', { RenderedDescription: `event ${n}` })],
    });
    for (const [partition, Deadly] of kinds.entries()) {
      const ordinary = (count: number) => Array.from({ length: count }, (_, i) => row(i));
      await stack.publish([...ordinary(BEFORE), { Deadly }, ...ordinary(AFTER)], String(partition));
    }
    const platform = new Platform(stack);
    try {
      await until('three dead letters', async () => (await stack.letters()).length === kinds.length, 800_000);
      // What a process was about to tell when it died is not told. The last one lives, and tells when it has done one message more.
      for (const partition of kinds.keys()) await stack.publish([row(AFTER)], String(partition));
      const last = (partition: number): number =>
        Math.max(
          ...stack.events.map((event) =>
            event.type === 'checkpoint' && event.partitionId === String(partition) ? event.sequenceNumber : -1,
          ),
        );
      await until('all to be done', () => kinds.every((_, i) => last(i) === BEFORE + AFTER + 1), 120_000);
    } finally {
      await platform.stop();
    }
    const letters = await stack.letters();
    expect(
      letters.map(({ partition, sequenceNumber, reason, body }) => [
        ...[partition, sequenceNumber, reason],
        Buffer.from(body).toString(),
      ]),
    ).toEqual(kinds.map((Deadly, partition) => [String(partition), BEFORE, 'poison', JSON.stringify({ Deadly })]));
    // Each needs four deaths; one that is met by a process that was well before, five.
    expect(platform.starts).toBeLessThanOrEqual(kinds.length * 5 + 1);
    await stack.startHost(['flush']);
    await stack.flush();
    const [alert] = stack.latest('Events of an hour', HOUR_END);
    expect(alert!.Results).toEqual([{ Count: kinds.length * (BEFORE + AFTER + 1) }]);
  });
});
