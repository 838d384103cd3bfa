import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { type Compiler, createCompiler } from '../../src/compiler/compile';
import { KqlError } from '../../src/kql/errors';
import { jsonRows } from '../../src/kql/json-output';
import { preparePipeline, visible } from '../../src/kql/pipeline';
import { createRuntime } from '../../src/kql/runtime';
import { ticksFromMs } from '../../src/kql/values/datetime';

interface Answer {
  columns: { name: string; type: string }[];
  rows: unknown[][];
}

function answer(compiler: Compiler, text: string): Answer {
  const { plan, diagnostics } = compiler.compile(text);
  if (!plan) {
    const errors = diagnostics.filter((d) => d.severity === 'error');
    throw new KqlError('invalid', errors.map((d) => `${d.code}: ${d.message}`).join('; '), errors[0]?.start);
  }
  const table = visible(preparePipeline(plan).run(createRuntime({ now: ticksFromMs(Date.now()) })));
  return { columns: table.schema.map(({ name, type }) => ({ name, type })), rows: jsonRows(table.schema, table.rows) };
}

async function batch(compiler: Compiler): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue;
    let id: unknown = null;
    let reply: object;
    try {
      const request = JSON.parse(line) as { id: unknown; query: string };
      id = request.id;
      reply = answer(compiler, request.query);
    } catch (error) {
      reply = { error: { message: error instanceof Error ? error.message : String(error) } };
    }
    process.stdout.write(`${JSON.stringify({ id, ...reply })}\n`);
  }
}

export const queryVerb = (): Command =>
  new Command('query')
    .description('Runs a KQL query.')
    .argument('[KQL]', 'the query')
    .option('--batch', 'answer lines {"id","query"} of standard input, one JSON line each')
    .action(async (kql: string | undefined, options: { batch?: boolean }) => {
      const compiler = createCompiler([]);
      if (options.batch) return batch(compiler);
      process.stdout.write(`${JSON.stringify(answer(compiler, kql ?? ''), null, 2)}\n`);
    });
