import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseTimeSpan } from './duration';

const timeSpan = z.string().transform((text, context) => {
  const milliseconds = parseTimeSpan(text);
  if (milliseconds !== undefined) return milliseconds;
  context.addIssue({ code: 'custom', message: `"${text}" is no duration of the form hh:mm:ss` });
  return z.NEVER;
});

const eventHubsSchema = z.object({
  maxEventBatchSize: z.number().int().min(1).default(100),
  minEventBatchSize: z.number().int().min(1).default(1),
  maxWaitTime: timeSpan.default(60_000),
  prefetchCount: z.number().int().min(0).default(300),
  batchCheckpointFrequency: z.number().int().min(1).default(1),
  initialOffsetOptions: z
    .object({
      type: z.enum(['fromStart', 'fromEnd', 'fromEnqueuedTime']).default('fromStart'),
      enqueuedTimeUtc: z.iso.datetime({ offset: true }).optional(),
    })
    .default({ type: 'fromStart' }),
});

const hostSchema = z.object({
  version: z.literal('2.0'),
  extensions: z
    .object({
      eventHubs: eventHubsSchema.prefault({}),
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
    })
    .prefault({}),
});

/** Times are in milliseconds; defaults are those of the Event Hubs extension 6. */
export type EventHubsOptions = z.output<typeof eventHubsSchema>;
export interface HostJson {
  eventHubs: EventHubsOptions;
  routePrefix: string;
}

/** Reads host.json of an app. Throws an Error with every problem in it. */
export function readHostJson(directory: string): HostJson {
  const file = join(directory, 'host.json');
  if (!existsSync(file)) throw new Error(`${directory} is no function app: it has no host.json`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = hostSchema.safeParse(content);
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  const { eventHubs, http } = parsed.data.extensions;
  if (eventHubs.minEventBatchSize > eventHubs.maxEventBatchSize) {
    throw new Error(`${file}: minEventBatchSize is larger than maxEventBatchSize`);
  }
  return { eventHubs, routePrefix: http.routePrefix };
}
