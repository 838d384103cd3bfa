import type { TokenCredential } from '@azure/identity';
import type { Sink } from './sink';

/** A namespace of Event Hubs: a connection string, or its host name for an identity. */
export interface Connection {
  readonly connectionString?: string;
  readonly fullyQualifiedNamespace?: string;
}

/** A setting of the app that a sink needs where it is chosen. */
export interface SinkSetting {
  /** `connection`: `NAME` is a connection string, `NAME__fullyQualifiedNamespace` a host name for an identity. */
  readonly kind: 'text' | 'url' | 'connection';
  /** For the settings reference: a sentence that goes on from "For the sink 'NAME':". */
  readonly description: string;
  /** Absent: the setting must be set. */
  readonly default?: string;
  /** Of a connection: the connection that is taken where this one is not set. */
  readonly orElse?: 'EventHubConnection';
}

export type SinkSettings = Readonly<Record<string, SinkSetting>>;

/** The checked values of a sink's settings. */
export type SinkValues<S extends SinkSettings = SinkSettings> = {
  readonly [N in keyof S]: S[N]['kind'] extends 'connection' ? Connection : string;
};

/** What the app lends to a sink. */
export interface SinkContext {
  /** The name of the sink's definition: marks of what was delivered are kept under it. */
  readonly name: string;
  /** The app's identity. Slow to load: ask for it only where it is used. */
  readonly credential: () => Promise<TokenCredential>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A kind of place that alerts can be sent to: all that the app knows of it. */
export interface SinkDefinition<N extends string = string, S extends SinkSettings = SinkSettings> {
  /** As OUTRIDER_SINKS and rules/settings.yaml name it. `[A-Za-z0-9-]`, at most 40 characters; never changes. */
  readonly name: N;
  /** By name. One that begins with OUTRIDER_ is refused where it is misspelt. */
  readonly settings: S;
  /** Load client libraries here (`await import`), so that apps without this sink never do. */
  open(settings: SinkValues<S>, context: SinkContext): Sink | Promise<Sink>;
}

/** A sink of OUTRIDER_SINKS with the values of its settings. */
export interface ChosenSink {
  readonly definition: SinkDefinition;
  readonly values: SinkValues;
}

const NAME = /^[A-Za-z0-9-]{1,40}$/;

/** @throws RangeError for a name that a sink cannot have */
export function defineSink<const N extends string, const S extends SinkSettings>(
  definition: SinkDefinition<N, S>,
): SinkDefinition<N, S> {
  if (!NAME.test(definition.name)) throw new RangeError(`not a name of a sink: ${JSON.stringify(definition.name)}`);
  return definition;
}

/** Opens the sinks one after the other; throws what opening one throws. */
export async function openSinks(chosen: readonly ChosenSink[], context: Omit<SinkContext, 'name'>): Promise<Sink[]> {
  const sinks: Sink[] = [];
  for (const { definition, values } of chosen) {
    const sink = await definition.open(values, { ...context, name: definition.name });
    if (sink.name !== definition.name)
      throw new RangeError(`the sink ${definition.name} calls itself ${JSON.stringify(sink.name)}`);
    sinks.push(sink);
  }
  return sinks;
}
