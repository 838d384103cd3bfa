import { fork } from 'node:child_process';
import { add, emptyTotal, gapsOf, reportOf, runHistories, type Total } from './histories';
import { chaosRules } from './rules';

/**
 * The long form of the model test, without a test runner: `long-run.js HISTORIES [SEED] [PROCESSES]`. Prints what model.test.ts prints; exit 1
 * where a history failed, or where 5,000 or more did not meet every step of the protocol. Every process stops after five failures.
 */
const HISTORIES = Number(process.argv[2] ?? 10_000);
const SEED = Number(process.argv[3] ?? Date.now() % 2 ** 31);
const PROCESSES = Number(process.argv[4] ?? 2);
/** Histories a child plays between two reports. */
const PART = 100;

async function child(from: number, to: number): Promise<void> {
  const rules = chaosRules();
  let failures = 0;
  for (let at = from; at < to && failures < 5; at += PART) {
    const total = await runHistories(rules, at, Math.min(to, at + PART), 5 - failures);
    failures += total.failures.length;
    // Only what has been sent is received: the channel is closed below.
    await new Promise((sent) => process.send!(total, sent));
  }
  process.disconnect();
}

async function parent(): Promise<void> {
  const started = Date.now();
  let total: Total = emptyTotal();
  const share = Math.ceil(HISTORIES / PROCESSES);
  const codes = await Promise.all(
    Array.from({ length: PROCESSES }, (_, i) => {
      const from = SEED + i * share;
      const part = fork(__filename, ['child', String(from), String(Math.min(SEED + HISTORIES, from + share))]);
      part.on('message', (message) => {
        const { failures } = message as Total;
        total = add(total, message as Total);
        for (const { seed, problems } of failures) process.stderr.write(`FAILED ${seed}: ${problems[0]}\n`);
        const seconds = Math.round((Date.now() - started) / 1000);
        process.stderr.write(`${total.histories} of ${HISTORIES} in ${seconds} s, ${total.failures.length} failed\n`);
      });
      // 'exit' may come before the last messages, 'close' does not.
      return new Promise<number | null>((resolve) => part.on('close', resolve));
    }),
  );
  process.stdout.write(reportOf(SEED, total));
  process.exitCode =
    total.failures.length > 0 ||
    gapsOf(total).length > 0 ||
    total.histories < HISTORIES ||
    codes.some((code) => code !== 0)
      ? 1
      : 0;
}

if (process.argv[2] === 'child') void child(Number(process.argv[3]), Number(process.argv[4]));
else void parent();
