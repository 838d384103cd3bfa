/**
 * Loads a function app as the worker does, gives one batch to its function `evaluate`, and says how long that was after the start of the process:
 * `first-batch.js APP MESSAGES`, where MESSAGES is a file with a message a line. Prints a JSON line: ms by the clock until the app was loaded and until the batch was
 * done, and the processor time of all of it.
 */
import { readFileSync } from 'node:fs';
import { AppRegistry } from '../../local/functions-host/core-module';
import { Invoker } from '../../local/functions-host/invoker';
import { loadApp } from '../../local/functions-host/load-app';

const json = (value: unknown): { json: string } => ({ json: JSON.stringify(value) });

async function main([app, file]: readonly string[]): Promise<void> {
  const bodies = readFileSync(file!, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => Buffer.from(line));
  const registry = new AppRegistry(({ level, message }) => {
    if (level === 'error' || level === 'critical') process.stderr.write(`${message}\n`);
  });
  const loading = performance.now();
  await loadApp(app!, registry);
  const loaded = performance.now();
  const evaluate = registry.functions.get('evaluate');
  if (!evaluate) throw new Error(`${app} has no function evaluate`);
  const enqueued = new Date().toISOString().slice(0, -1);
  await new Invoker(registry, () => undefined).invoke(evaluate, {
    inputData: [{ name: evaluate.trigger.name, data: { collectionBytes: { bytes: bodies } } }],
    triggerMetadata: {
      PartitionContext: json({
        FullyQualifiedNamespace: 'bench.servicebus.windows.net',
        EventHubName: 'events',
        ConsumerGroup: 'outrider',
        PartitionId: '0',
      }),
      SequenceNumberArray: { collectionSint64: { sint64: bodies.map((_, i) => i) } },
      EnqueuedTimeUtcArray: json(bodies.map(() => enqueued)),
    },
  });
  const done = performance.now();
  const { user, system } = process.cpuUsage();
  // performance.now() counts from the start of the process.
  process.stdout.write(`${JSON.stringify({ loading, loaded, done, cpu: (user + system) / 1000 })}\n`, () =>
    process.exit(0),
  );
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
