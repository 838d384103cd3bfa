import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import { foldConstants, normalizeUnions, prunePlan } from '../../src/kql';
import { splitPlan } from '../../src/streaming/split';
import { compiledPlan, HOUR, schedule } from '../support/stream';
import { ROW_STAGES } from './hostile/rule-attacks';

/**
 * What a byte of hostile text may cost, by structured attacks on the decoder and the prefilter, on every function that reads text, and on row
 * stages, each at sizes of which the larger must not take more than its share. OUTRIDER_HOSTILE_BYTES: the smallest size, 16384 by default;
 * OUTRIDER_HOSTILE_LONG: more attacks on each function; OUTRIDER_HOSTILE_ONLY: a RegExp of the names of attacks.
 */
const BYTES = Number(process.env.OUTRIDER_HOSTILE_BYTES ?? 16_384);
const ONLY = process.env.OUTRIDER_HOSTILE_ONLY ?? '';
/** What no attack takes of the clock, however busy the machine is. */
const SILENCE_MS = 60_000;

interface Fault {
  readonly name: string;
  readonly fault: string;
}

interface Line extends Partial<Fault> {
  readonly at?: number;
  readonly done?: number;
  readonly cpuMs?: number;
}

const folder = mkdtempSync(join(tmpdir(), 'outrider-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

function prepare(): { runner: string; plans: string } {
  const runner = join(folder, 'runner.cjs');
  buildSync({
    entryPoints: [join(__dirname, 'hostile', 'runner.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    outfile: runner,
    logLevel: 'error',
  });
  const plans = join(folder, 'plans.json');
  const made = Object.entries(ROW_STAGES).map(([name, { query }]) => [
    name,
    splitPlan(prunePlan(normalizeUnions(foldConstants(compiledPlan(query)))), { ...schedule(HOUR, HOUR), timeBasis: 'event' }),
  ]);
  writeFileSync(plans, JSON.stringify(Object.fromEntries(made)));
  return { runner, plans };
}

/** Runs the attacks from one on, until all are done or one of them ends the process. */
async function run(
  runner: string,
  plans: string,
  from: number,
): Promise<{ faults: Fault[]; next?: number; done?: Line }> {
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=512', runner, plans, String(BYTES), String(from), ONLY],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const faults: Fault[] = [];
  let current: { at: number; name: string } | undefined;
  let done: Line | undefined;
  let isSilent = false;
  const end = (): void => {
    isSilent = true;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(end, SILENCE_MS);
  for await (const text of createInterface({ input: child.stdout })) {
    clearTimeout(timer);
    timer = setTimeout(end, SILENCE_MS);
    const line = JSON.parse(text) as Line;
    if (line.at !== undefined) current = { at: line.at, name: line.name! };
    else if (line.fault !== undefined) faults.push({ name: line.name!, fault: line.fault });
    else done = line;
  }
  clearTimeout(timer);
  if (done) return { faults, done };
  if (!current) throw new Error('no attack was begun');
  faults.push({ name: current.name, fault: isSilent ? 'does not end' : 'ended its process: out of memory' });
  return { faults, next: current.at + 1 };
}

it('hostile text costs no more than its share, whatever is repeated in it', async () => {
  const { runner, plans } = prepare();
  const faults: Fault[] = [];
  let last: Line | undefined;
  for (let from: number | undefined = 0; from !== undefined; ) {
    const part = await run(runner, plans, from);
    faults.push(...part.faults);
    last = part.done;
    from = part.next;
  }
  process.stdout.write(
    `hostile growth: ${JSON.stringify({ bytes: BYTES, attacks: last?.done, cpuMs: last?.cpuMs })}\n`,
  );
  expect(faults.map(({ name, fault }) => `${name}: ${fault}`)).toEqual([]);
  expect(last?.done).toBeGreaterThan(ONLY === '' ? 5_000 : 0);
}, 1_800_000);
