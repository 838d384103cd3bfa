import type { RuleSchedule } from '../../src/plan/rule-plan';
import { type Random, randomOf } from './random';
import { DAY, MINUTE, type StreamEvent } from './stream';

const START = Date.UTC(2024, 4, 1);
const TEXTS = [
  'x',
  'X',
  'y',
  'foo',
  '',
  'a b',
  'k=1;v=q',
  'k=2;x=foo;v=3',
  '__proto__',
  'é',
  'x y foo',
  '\u0000"\\\n',
  '{"k":1}',
  '[1,2]',
];
const BAGS: readonly unknown[] = [
  null,
  { k: 1 },
  { k: 'x', x: [1, 2] },
  { x: [1, 2], k: 'x' },
  ['x', 'y'],
  [{ k: 1 }, { k: 2 }],
  [],
  {},
  'x',
  7,
  { __proto__x: 1, constructor: 'x', a: 'A', b: 3 },
  { TimeGenerated: 'late', d: 1 },
];

/** `2024-05-01T00:00:00.0000001Z`: ms and ticks. */
function isoTicks(ms: number, ticks: number): string {
  const at = ticks < 0 ? ms - 1 : ms;
  const fraction = (ticks < 0 ? 10_000 + ticks : ticks).toString().padStart(4, '0');
  return new Date(at).toISOString().replace('Z', `${fraction}Z`);
}

/** A time near the edges of windows and panes: few of them, so that events share one. */
function timeOf(random: Random, { frequencyMs, periodMs }: RuleSchedule): { iso: string; ms: number } {
  const span = periodMs + 2 * Math.max(frequencyMs, 30 * MINUTE);
  const steps = [frequencyMs, 5 * MINUTE, 30 * MINUTE, 60 * MINUTE].filter((step) => step <= span);
  const step = random.pick(steps);
  const slots = Math.min(Math.floor(span / step), random.chance(50) ? 4 : 400);
  const ms = START + step * random.below(slots + 1) + (random.chance(30) ? random.pick([1, 7, MINUTE, 90_000]) : 0);
  return { iso: isoTicks(ms, random.chance(50) ? 0 : random.pick([-1, 1])), ms };
}

/** An event of any test table, with few values, so that groups collide. */
export function eventOf(seed: number, schedule: RuleSchedule): StreamEvent {
  const random = randomOf(seed);
  const { iso, ms } = timeOf(random, schedule);
  const table = random.pick(['T', 'T', 'T', 'U', 'U', 'Event']);
  const word = (): string => random.pick(random.chance(60) ? TEXTS.slice(0, 4) : TEXTS);
  const fields: Record<string, unknown> = { TimeGenerated: iso };
  const put = (name: string, value: unknown): void => {
    if (!random.chance(15)) fields[name] = value;
  };
  if (table === 'Event') {
    put('Source', random.pick(['Microsoft-Windows-Sysmon', 'x']));
    put('EventLog', random.pick(['Security', 'x']));
    put('EventID', random.pick([1, 3, 4624]));
    put('EventData', random.pick(['<Data Name="a">x</Data>', 'k=1;v=q', ...TEXTS]));
    put('Computer', random.pick(['host1', 'host2', 'x']));
  } else {
    put('a', word());
    put('d', random.pick(BAGS));
    if (table === 'T') {
      put('b', random.pick([0, 1, 2, 3, 9007199254740991]));
      put('c', random.pick([0, -0.0, 0.1, 0.2, 1e16, -1e16, 2.5, 1e308]));
      put('s', word());
      put('t', random.pick(['2024-05-01T00:30:00Z', '2024-05-01T01:00:00Z', 'never']));
      put('f', random.pick([true, false]));
      put('i', random.pick([1, 2, -3]));
      put('w', random.pick(['00:05:00', '1.00:00:00']));
      put('g', random.pick(['74be27de-1e4e-49d9-b579-fe0b331d3642', 'no']));
      put('m', random.pick(['0.1', '0.10', 3]));
    } else {
      put('b', word());
      put('x', random.pick([1, 2, 3]));
      put('a1', random.pick([1, 2]));
    }
  }
  const enqueued = ms + random.pick([0, 1, 1000, 5 * MINUTE, DAY]);
  return { table, fields, enqueued };
}
