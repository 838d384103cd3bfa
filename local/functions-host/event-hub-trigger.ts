import { setTimeout } from 'node:timers/promises';
import {
  EventHubConsumerClient,
  type EventPosition,
  earliestEventPosition,
  latestEventPosition,
  type PartitionContext,
} from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { BlobServiceClient } from '@azure/storage-blob';
import { messageOf } from '../../src/state/message';
import { requireSetting, resolveSettings } from './app-settings';
import type { RegisteredFunction } from './core-module';
import { eventHubRequest } from './event-hub-request';
import type { Report } from './events';
import type { EventHubsOptions } from './host-json';
import type { Invoker } from './invoker';
import { PartitionWorker } from './partition-worker';
import { runFunction } from './run-function';
import type { RunningTrigger } from './triggers';

const CHECKPOINT_CONTAINER = 'azure-webjobs-eventhub';
/** How often an idle partition looks at the waiting time of held events, seconds. */
const HELD_CHECK_SECONDS = 0.25;

export interface EventHubTriggerContext {
  invoker: Invoker;
  options: EventHubsOptions;
  report: Report;
  env: NodeJS.ProcessEnv;
  /** After this long without renewal a partition of a dead host is taken over, milliseconds. */
  ownershipExpiryMs: number;
  /** For crash tests: waits this long between the end of an invocation and its checkpoint, milliseconds. */
  checkpointDelayMs: number;
}

/** Starts to feed a function from its event hub. Throws an Error for a binding or setting that cannot work. */
export async function startEventHubTrigger(
  fn: RegisteredFunction,
  context: EventHubTriggerContext,
): Promise<RunningTrigger> {
  const { env, options, report } = context;
  const where = `function "${fn.metadata.name}"`;
  const binding = fn.trigger;
  if (String(binding.cardinality).toLowerCase() !== 'many' || String(binding.dataType).toLowerCase() !== 'binary') {
    throw new Error(
      `${where}: the local host supports Event Hub triggers with cardinality "many" and dataType "binary" only`,
    );
  }
  const setting = (name: string, fallback?: string): string => {
    const value = binding[name] ?? fallback;
    if (typeof value !== 'string' || value === '') throw new Error(`${where}: its trigger has no ${name}`);
    return resolveSettings(value, where, env);
  };
  const hub = setting('eventHubName');
  const consumerGroup = setting('consumerGroup', '$Default');
  const storage = requireSetting('AzureWebJobsStorage', where, env);
  const container = BlobServiceClient.fromConnectionString(storage).getContainerClient(CHECKPOINT_CONTAINER);
  await container.createIfNotExists();
  const client = new EventHubConsumerClient(
    consumerGroup,
    requireSetting(setting('connection'), where, env),
    hub,
    new BlobCheckpointStore(container),
    {
      loadBalancingOptions: {
        strategy: 'greedy',
        updateIntervalInMs: Math.min(1000, context.ownershipExpiryMs / 4),
        partitionOwnershipExpirationIntervalInMs: context.ownershipExpiryMs,
      },
    },
  );
  const workers = new Map<string, PartitionWorker>();
  const startWorker = (partition: PartitionContext): PartitionWorker => {
    const { partitionId } = partition;
    const worker = new PartitionWorker(options, {
      invoke: (events, signal) =>
        runFunction(context.invoker, fn, eventHubRequest(binding.name, events, partition), report, signal, {
          events: events.length,
          partitionId,
          sequenceNumbers: [events[0]!.sequenceNumber, events[events.length - 1]!.sequenceNumber],
        }),
      checkpoint: async (last) => {
        if (context.checkpointDelayMs > 0) await setTimeout(context.checkpointDelayMs);
        await partition.updateCheckpoint(last);
        report({ type: 'checkpoint', function: fn.metadata.name, partitionId, sequenceNumber: last.sequenceNumber });
      },
    });
    workers.set(partitionId, worker);
    return worker;
  };
  const logError = (error: unknown, partitionId: string): void =>
    report({
      type: 'log',
      level: 'warning',
      category: fn.metadata.name,
      message: `event hub ${hub}/${partitionId}: ${messageOf(error)}`,
    });
  let stopping = false;
  const subscription = client.subscribe(
    {
      processInitialize: async (partition) => void startWorker(partition),
      processEvents: async (events, partition) => {
        if (stopping) return;
        const worker = workers.get(partition.partitionId) ?? startWorker(partition);
        await worker.receive(events, Date.now());
      },
      processError: async (error, partition) => logError(error, partition.partitionId),
      processClose: async (_reason, partition) => {
        workers.get(partition.partitionId)?.lose();
        workers.delete(partition.partitionId);
      },
    },
    {
      startPosition: startPosition(options),
      maxBatchSize: options.maxEventBatchSize,
      maxWaitTimeInSeconds: options.minEventBatchSize > 1 ? HELD_CHECK_SECONDS : 60,
      prefetchCount: options.prefetchCount,
      skipParsingBodyAsJson: true,
    },
  );
  return {
    async stop() {
      stopping = true;
      await Promise.all([...workers.values()].map((worker) => worker.stop().catch((error) => logError(error, '*'))));
      await subscription.close();
      await client.close();
    },
  };
}

function startPosition(options: EventHubsOptions): EventPosition {
  const { type, enqueuedTimeUtc } = options.initialOffsetOptions;
  if (type === 'fromEnd') return latestEventPosition;
  if (type === 'fromEnqueuedTime') {
    if (enqueuedTimeUtc === undefined)
      throw new Error('host.json: initialOffsetOptions.fromEnqueuedTime needs enqueuedTimeUtc');
    return { enqueuedOn: new Date(enqueuedTimeUtc) };
  }
  return earliestEventPosition;
}
