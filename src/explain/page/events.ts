import { conditionsOf } from '../../streaming/conditions';
import type { Branch, StreamPlan } from '../../streaming/stream-plan';
import { channelsOf, eventTitle, providersOf } from '../windows-events';
import { type LiteralTest, literalTests } from './literal-tests';

/** Events that a rule reads, as far as its filters say. */
export interface EventCoverage {
  readonly table: string;
  readonly channel?: string;
  readonly provider?: string;
  readonly eventId?: number;
  readonly title?: string;
}

const CHANNEL_FIELDS = new Set(['eventlog', 'channel']);
const PROVIDER_FIELDS = new Set(['source', 'provider', 'eventsourcename']);

/** The channel whose events a table holds where its rows need not say it. */
const TABLE_CHANNEL: ReadonlyMap<string, string> = new Map([['SecurityEvent', 'Security']]);

export function eventCoverage(stream: StreamPlan): EventCoverage[] {
  const seen = new Map<string, EventCoverage>();
  for (const leg of stream.legs) {
    for (const branch of leg.branches) {
      for (const entry of coverageOf(branch)) seen.set(JSON.stringify(entry), entry);
    }
  }
  return [...seen.values()];
}

/** Event ids that a branch asks for by equality. */
export const eventIdsOf = (branch: Branch): number[] =>
  valuesOf(testsOf(branch), new Set(['eventid']))
    .map(Number)
    .filter(Number.isInteger);

/** Channels and providers that a branch asks for by equality. */
export function eventSourcesOf(branch: Branch): string[] {
  const tests = testsOf(branch);
  return [...valuesOf(tests, CHANNEL_FIELDS), ...valuesOf(tests, PROVIDER_FIELDS)];
}

function coverageOf(branch: Branch): EventCoverage[] {
  const { table } = branch;
  const tests = testsOf(branch);
  const channels = valuesOf(tests, CHANNEL_FIELDS);
  const providers = valuesOf(tests, PROVIDER_FIELDS);
  const sources = [
    ...channels.map((channel): Partial<EventCoverage> => ({ channel, provider: providersOf(channel)[0] })),
    ...providers
      .filter((provider) => !channels.some((channel) => channelsOf(provider).includes(channel)))
      .map((provider): Partial<EventCoverage> => ({ channel: channelsOf(provider)[0], provider })),
  ];
  const known = TABLE_CHANNEL.get(table);
  if (sources.length === 0 && known) sources.push({ channel: known, provider: providersOf(known)[0] });
  const ids = eventIdsOf(branch);
  if (ids.length === 0) return sources.length === 0 ? [{ table }] : sources.map((source) => ({ table, ...source }));
  return ids.flatMap((eventId): EventCoverage[] => {
    const all = (sources.length === 0 ? [{}] : sources).map((source: Partial<EventCoverage>): EventCoverage => {
      const title = eventTitle(source.channel ?? source.provider ?? '', eventId);
      return { table, ...source, eventId, ...(title === undefined ? {} : { title }) };
    });
    // Of several sources, those that are known to write this event.
    const titled = all.filter(({ title }) => title !== undefined);
    return titled.length > 0 ? titled : all;
  });
}

const testsOf = (branch: Branch): LiteralTest[] =>
  branch.ops.flatMap((op) => (conditionsOf(op) ?? []).flatMap((cond) => literalTests(cond)));

const valuesOf = (tests: readonly LiteralTest[], fields: ReadonlySet<string>): string[] => [
  ...new Set(
    tests
      .filter(({ field, kind, negated }) => kind === 'eq' && !negated && fields.has(field.toLowerCase()))
      .flatMap(({ values }) => values),
  ),
];
