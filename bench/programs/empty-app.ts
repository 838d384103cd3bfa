/** A function app whose function `evaluate` does nothing with its batch. */
import { app, trigger } from '@azure/functions';

app.generic('evaluate', {
  trigger: trigger.generic({
    type: 'eventHubTrigger',
    connection: 'EventHubConnection',
    eventHubName: '%EVENT_HUB_NAME%',
    consumerGroup: '%EVENT_HUB_CONSUMER_GROUP%',
    cardinality: 'many',
    dataType: 'binary',
  }),
  handler: () => undefined,
});
