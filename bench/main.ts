/**
 * `npm run bench`: what evaluate, flush, compile and the programs cost on this machine, with the floors that they must keep. Each measure runs in a process of its
 * own; figures are medians of rounds, in wall and in processor time, and ratios are of one run. Results on stdout, progress on stderr.
 */
import { parseArgs } from 'node:util';
import { measureInChild } from './frame/child';
import { environment, environmentLine } from './frame/environment';
import { holds, type Result } from './frame/measure';
import { resultText } from './frame/print';
import { MEASURES } from './measures';

const HELP = `usage: npm run bench -- [options]

Measures what Outrider costs on this machine, and says which of its floors hold.

  --only NAME…   these measures alone (repeat, or separate by commas); names below
  --quick        a short form that shows that everything runs; its figures say nothing
  --made         the project's own events and rules, though ../shared is there
  --json         one JSON document: { environment, isQuick, results, failed }
  --strict       exit code 1 where a floor does not hold
  --cpu-prof DIR a profile of each measure's process (for DevTools), in DIR
  --help

Exit code 0 where everything was measured, 1 where something failed, 2 for wrong usage.

Measures:
${MEASURES.map(({ name, title }) => `  ${name.padEnd(14)} ${title}`).join('\n')}

Examples:
  npm run bench
  npm run --silent bench -- --only one-rule,thousand --json > bench.json
`;

const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function measure(name: string, isQuick: boolean): Promise<void> {
  const found = MEASURES.find((one) => one.name === name);
  if (!found) throw new Error(`no measure ${name}`);
  for (const result of await found.run({ isQuick, progress: (text) => note(`  ${text}`) }))
    process.stdout.write(`${JSON.stringify(result)}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ...{ only: { type: 'string', multiple: true }, quick: { type: 'boolean', default: false } },
      ...{ json: { type: 'boolean', default: false }, made: { type: 'boolean', default: false } },
      ...{ strict: { type: 'boolean', default: false } },
      ...{ help: { type: 'boolean', default: false }, 'cpu-prof': { type: 'string' }, measure: { type: 'string' } },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  if (values.measure !== undefined) return measure(values.measure, values.quick);
  const only = values.only?.flatMap((names) => names.split(',')).filter(Boolean);
  const unknown = only?.filter((name) => !MEASURES.some((one) => one.name === name)) ?? [];
  if (unknown.length > 0) throw new TypeError(`no measure ${unknown.join(', ')}`);

  const options = [...(values.quick ? ['--quick'] : []), ...(values.made ? ['--made'] : [])];
  const profiles = values['cpu-prof'];
  const nodeOptions = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const here = environment();
  note(environmentLine(here));
  const results: Result[] = [];
  const failed: { name: string; error: string }[] = [];
  for (const { name, title } of MEASURES.filter((one) => only?.includes(one.name) ?? true)) {
    note(`${name}: ${title}`);
    try {
      const found = await measureInChild(name, nodeOptions, options);
      results.push(...found);
      if (!values.json) for (const result of found) process.stdout.write(`${resultText(result)}\n\n`);
    } catch (error) {
      note(`  failed: ${(error as Error).message}`);
      failed.push({ name, error: (error as Error).message });
    }
  }
  const short = results.filter((result) => holds(result) === false);
  if (values.json) {
    const said = results.map((result) => ({ ...result, holds: holds(result) }));
    const document = { environment: here, isQuick: values.quick, results: said, failed };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    process.stdout.write(`${environmentLine(here)}\n`);
    const asked = results.filter(({ floor }) => floor).length;
    process.stdout.write(
      `${asked - short.length} of ${asked} floors hold${values.quick ? ' (quick: says nothing)' : ''}\n`,
    );
    for (const { name, error } of failed) process.stdout.write(`failed: ${name}: ${error}\n`);
  }
  if (failed.length > 0 || (values.strict && short.length > 0)) process.exitCode = 1;
}

main().catch((error: Error) => {
  note(error instanceof TypeError ? `${error.message}\n\n${HELP}` : (error.stack ?? error.message));
  process.exitCode = error instanceof TypeError ? 2 : 1;
});
