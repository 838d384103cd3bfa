/**
 * What judging messages by their bytes costs, against parsing them: ratios of one run, on the sample's hour (fixed seed).
 * Prints a JSON line a measurement: its time in ms, and how many times that of a bare JSON.parse.
 */
import { generateSample } from '../../local/sample';
import { decode } from '../../src/events/decode';
import { Prefilter, type Requirement } from '../../src/prefilter';

const ROUNDS = 15;
const { messages, events } = generateSample({ now: new Date('2026-03-14T15:09:26Z') });

const rule = (eventId: number, ...texts: string[]): Requirement[] => [
  { kind: 'table', name: 'Event' },
  { kind: 'number', column: 'EventID', values: [eventId] },
  ...texts.map((text): Requirement => ({ kind: 'literal', text, caseSensitive: false })),
];
const dcom = rule(1, 'C:\\Windows\\System32\\svchost.exe -k DcomLaunch', 'C:\\Windows\\System32\\mmc.exe -Embedding');
const hundred = Array.from({ length: 100 }, (_, number) =>
  rule(1 + (number % 25), `malicious tool ${number}`, `with option ${number}`),
);

/** Best of some rounds: the machine's own noise only ever adds. */
function milliseconds(run: (body: Buffer) => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (const body of messages) run(body);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

const parse = milliseconds((body) => JSON.parse(body.toString()));
const print = (name: string, time: number, more: object = {}) =>
  console.log(
    JSON.stringify({
      name,
      events,
      ms: Number(time.toFixed(2)),
      timesJsonParse: Number((time / parse).toFixed(3)),
      ...more,
    }),
  );

print('JSON.parse', parse);
print(
  'decode',
  milliseconds((body) => decode({ body })),
);
for (const [name, rules] of [
  ['prefilter, 1 rule', [dcom]],
  ['prefilter, 101 rules', [dcom, ...hundred]],
] as const) {
  const filter = new Prefilter(rules.map((rule) => [rule]));
  const unread = messages.filter((body) => filter.judge(body).kind === 'unread').length;
  print(
    name,
    milliseconds((body) => filter.judge(body)),
    { messages: messages.length, unread },
  );
}
