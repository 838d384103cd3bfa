import { openEventHubSink } from './event-hub';
import { openJsonLinesSink } from './json-lines';
import { openLogsIngestionSink } from './logs-ingestion';
import type { Sink } from './sink';

/** Every kind of sink by the name that settings use. */
export const SINK_KINDS = {
  'json-lines': openJsonLinesSink,
  'event-hub': openEventHubSink,
  'logs-ingestion': openLogsIngestionSink,
} as const;

export type SinkKind = keyof typeof SINK_KINDS;
export type SinkSettings<K extends SinkKind> = Parameters<(typeof SINK_KINDS)[K]>[0];

const NAME = /^[A-Za-z0-9-]{1,40}$/;

/** @throws RangeError for a name that a sink cannot have; what opening it throws */
export async function openSink<K extends SinkKind>(kind: K, settings: SinkSettings<K>): Promise<Sink> {
  const open = SINK_KINDS[kind] as (settings: SinkSettings<K>) => Sink | Promise<Sink>;
  const sink = await open(settings);
  if (!NAME.test(sink.name)) throw new RangeError(`not a name of a sink: ${JSON.stringify(sink.name)}`);
  return sink;
}
