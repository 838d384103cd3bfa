import { SCENES } from './attacks';
import { ordinaryEvent } from './events';
import { createHosts } from './hosts';
import { Random } from './random';
import { eventRow, ticks } from './row';

const HOUR = 3_600_000;
const ORDINARY_EVENTS = 4_000;

export interface SampleAttack {
  computer: string;
  /** As in the row: 100 ns, UTC. */
  timeGenerated: string;
}

export interface Sample {
  /** Bodies of hub messages, `{"records":[…]}`, in the order of their time. */
  messages: Buffer[];
  /** Records in all messages. */
  events: number;
  /** What the rule Lateral Movement via DCOM must find, in the order of time. */
  attacks: SampleAttack[];
  /** The hour that all events lie in: `start` included, `end` not; ms since the epoch. */
  start: number;
  end: number;
}

/**
 * An hour of Sysmon on nine hosts with a few attacks, stamped into the last full hour (UTC) before `now`.
 * The same hour and seed give the same bytes.
 */
export function generateSample({ now, seed = 1 }: { now: Date; seed?: number }): Sample {
  const end = Math.floor(now.getTime() / HOUR) * HOUR;
  const start = end - HOUR;
  const random = new Random(seed);
  const hosts = createHosts(random, start);
  const steps = [
    ...Array.from({ length: ORDINARY_EVENTS }, () => ({
      time: start + random.int(0, HOUR - 1),
      host: random.pick(hosts),
      scene: undefined,
    })),
    ...SCENES.map((scene) => ({
      time: start + Math.floor(scene.at * HOUR),
      host: hosts.find(({ computer }) => computer === scene.computer)!,
      scene,
    })),
  ].sort((a, b) => a.time - b.time);

  const attacks: SampleAttack[] = [];
  const rows = steps.map(({ time, host, scene }, number) => {
    const event = scene === undefined ? ordinaryEvent(random, host, time) : scene.make(random, host, time);
    if (scene?.attack) attacks.push({ computer: host.computer, timeGenerated: ticks(time, number) });
    return eventRow(host, event.eventId, time, number, event.data);
  });
  return { messages: batches(random, rows), events: rows.length, attacks, start, end };
}

function batches(random: Random, rows: readonly unknown[]): Buffer[] {
  const messages: Buffer[] = [];
  for (let from = 0; from < rows.length; ) {
    const size = random.int(10, 40);
    messages.push(Buffer.from(JSON.stringify({ records: rows.slice(from, from + size) })));
    from += size;
  }
  return messages;
}
