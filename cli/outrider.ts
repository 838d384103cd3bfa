import { Command } from 'commander';
import { ConfigError } from '../src/config';
import { note, UsageError } from './io/output';
import { boardVerb } from './verbs/board';
import { buildVerb } from './verbs/build';
import { checkVerb } from './verbs/check';
import { deadLettersVerb } from './verbs/deadletters';
import { deployRulesVerb } from './verbs/deploy-rules';
import { explainVerb } from './verbs/explain';
import { queryVerb } from './verbs/query';
import { replayVerb } from './verbs/replay';
import { runVerb } from './verbs/run';
import { statusVerb } from './verbs/status';
import { testVerb } from './verbs/test';

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

for (const verb of [
  checkVerb,
  buildVerb,
  deployRulesVerb,
  explainVerb,
  testVerb,
  runVerb,
  queryVerb,
  replayVerb,
  deadLettersVerb,
  statusVerb,
  boardVerb,
])
  program.addCommand(inherit(program, verb()));

// Whoever reads the output may have seen enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

async function main(): Promise<void> {
  try {
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
    process.exitCode = error instanceof UsageError || error instanceof ConfigError ? 2 : 1;
  }
}

void main();
