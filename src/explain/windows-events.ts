import data from './windows-events.json';

/** A Windows event log channel, its usual providers (sources), and titles of its events. */
interface Channel {
  channel: string;
  providers: readonly string[];
  events: ReadonlyMap<number, string>;
}

const channels: readonly Channel[] = data.map(({ channel, providers, events }) => ({
  channel,
  providers,
  events: new Map(Object.entries(events).map(([id, title]) => [Number(id), title])),
}));

export const SYSMON_CHANNEL = 'Microsoft-Windows-Sysmon/Operational';
export const SYSMON_PROVIDER = 'Microsoft-Windows-Sysmon';

/**
 * Title of an event, such as `Process creation` for Sysmon's 1. `source` is the channel (`EventLog`, `Channel`) or the
 * provider (`Source`, `Provider`) that a rule names, in any case. Undefined if the catalogue does not have it.
 */
export function eventTitle(source: string, eventId: number): string | undefined {
  for (const channel of findChannels(source)) {
    const title = channel.events.get(eventId);
    if (title !== undefined) return title;
  }
  return undefined;
}

/** The providers that write to a channel, the usual one first; empty for an unknown channel. */
export function providersOf(channel: string): readonly string[] {
  return channels.find((known) => same(known.channel, channel))?.providers ?? [];
}

/** The channels that a provider writes to; empty for an unknown provider. */
export function channelsOf(provider: string): readonly string[] {
  return channels.filter((known) => known.providers.some((name) => same(name, provider))).map((known) => known.channel);
}

function findChannels(source: string): readonly Channel[] {
  return channels.filter((known) => same(known.channel, source) || known.providers.some((name) => same(name, source)));
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
