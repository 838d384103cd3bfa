import { decode } from '../../src/events/decode';
import { toBatch } from '../../src/host/event-hub-batch';

const metadata = (count: number) => ({
  partitionContext: { fullyQualifiedNamespace: 'ns.servicebus.windows.net', eventHubName: 'hub', partitionId: '0' },
  sequenceNumberArray: Array.from({ length: count }, (_, number) => number),
  enqueuedTimeUtcArray: Array.from({ length: count }, () => '2026-03-14T14:31:07Z'),
  propertiesArray: Array.from({ length: count }, () => ({})),
});

it("a message without a body, as Kafka's without a value, is an empty one and keeps its place", () => {
  const bodies = [Buffer.from('{"Type":"T","TimeGenerated":"2026-03-14T14:31:07Z"}'), null, undefined, Buffer.alloc(0)];
  const { messages } = toBatch(bodies, metadata(bodies.length));
  expect(messages.map(({ sequenceNumber }) => sequenceNumber)).toEqual([0, 1, 2, 3]);
  const results = messages.map((message) => decode(message));
  expect(results.map(({ records, rejected }) => [records.length, rejected[0]?.reason])).toEqual([
    [1, undefined],
    [0, 'empty'],
    [0, 'empty'],
    [0, 'empty'],
  ]);
});
