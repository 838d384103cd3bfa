import { Command } from 'commander';
import { note, UsageError } from './io/output';

/** A verb's own module is loaded when it is called: what the others need is not. */
const VERBS: Readonly<Record<string, () => Promise<Command>>> = {
  check: async () => (await import('./verbs/check')).checkVerb(),
  build: async () => (await import('./verbs/build')).buildVerb(),
  'deploy-rules': async () => (await import('./verbs/deploy-rules')).deployRulesVerb(),
  explain: async () => (await import('./verbs/explain')).explainVerb(),
  test: async () => (await import('./verbs/test')).testVerb(),
  run: async () => (await import('./verbs/run')).runVerb(),
  query: async () => (await import('./verbs/query')).queryVerb(),
  replay: async () => (await import('./verbs/replay')).replayVerb(),
  deadletters: async () => (await import('./verbs/deadletters')).deadLettersVerb(),
  status: async () => (await import('./verbs/status')).statusVerb(),
  board: async () => (await import('./verbs/board')).boardVerb(),
};

const program = new Command('outrider')
  .description(
    "Runs Microsoft Sentinel's analytics rules on the event stream: check, build, explain, run and query them here.",
  )
  .showHelpAfterError('(outrider VERB --help shows examples)')
  .configureOutput({ writeOut: (text) => process.stdout.write(text), writeErr: (text) => process.stderr.write(text) })
  .exitOverride();

/** Verbs are made apart from the program: without this, wrong usage of one ends with 1. */
function inherit(parent: Command, command: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(command, child);
  return command;
}

/** The verb that is called, or all of them where help, or none that there is, was asked for. */
async function addVerbs(): Promise<void> {
  const called = process.argv[2] ?? '';
  const names = Object.hasOwn(VERBS, called) ? [called] : Object.keys(VERBS);
  for (const name of names) program.addCommand(inherit(program, await VERBS[name]!()));
}

// Whoever reads the output may have seen enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

async function main(): Promise<void> {
  try {
    await addVerbs();
    await program.parseAsync();
  } catch (error) {
    const code = (error as { exitCode?: number; code?: string }).exitCode;
    const isUsage =
      typeof (error as { code?: string }).code === 'string' &&
      String((error as { code: string }).code).startsWith('commander.');
    if (isUsage) {
      process.exitCode = code === 0 ? 0 : 2;
      return;
    }
    note(`outrider: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = error instanceof UsageError || (error as Error)?.name === 'ConfigError' ? 2 : 1;
  }
}

void main();
