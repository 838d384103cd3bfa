import { app, trigger } from '@azure/functions';
import { openEvaluate } from '../src/host/app';
import { toBatch } from '../src/host/event-hub-batch';
import { logTo } from '../src/host/logging';
import { startSettings } from '../src/host/start-settings';

const settings = startSettings(__dirname);

app.generic('evaluate', {
  trigger: trigger.generic({
    type: 'eventHubTrigger',
    connection: 'EventHubConnection',
    eventHubName: '%EVENT_HUB_NAME%',
    consumerGroup: '%EVENT_HUB_CONSUMER_GROUP%',
    cardinality: 'many',
    // Without it the host parses bodies itself, and one that is not JSON fails the whole batch.
    dataType: 'binary',
  }),
  // The host checkpoints a failed batch: only trying again without end keeps it.
  // What throws is tried again: a store or hub that is away, and a batch that takes too long, of which the next try does the rest.
  retry: {
    strategy: 'exponentialBackoff',
    maxRetryCount: -1,
    minimumInterval: { seconds: 1 },
    maximumInterval: { minutes: 2 },
  },
  handler: async (bodies: unknown, context) => {
    const engine = await openEvaluate(settings());
    const result = await engine.evaluate(toBatch(bodies as unknown[], context.triggerMetadata ?? {}));
    logTo(context)({ level: 'info', message: 'evaluated', ...result });
  },
});
