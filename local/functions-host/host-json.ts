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

const OVERRIDE = /^AzureFunctionsJobHost__(.+)$/i;

/**
 * Reads host.json of an app, with the overrides that app settings such as
 * `AzureFunctionsJobHost__extensions__eventHubs__maxWaitTime` are for the real host too
 * (https://learn.microsoft.com/azure/azure-functions/functions-host-json#override-hostjson-values).
 * Throws an Error with every problem in it.
 */
export function readHostJson(directory: string, env: NodeJS.ProcessEnv): HostJson {
  const file = join(directory, 'host.json');
  if (!existsSync(file)) throw new Error(`${directory} is no function app: it has no host.json`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = hostSchema.safeParse(withOverrides(content, env));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  const { eventHubs, http } = parsed.data.extensions;
  if (eventHubs.minEventBatchSize > eventHubs.maxEventBatchSize) {
    throw new Error(`${file}: minEventBatchSize is larger than maxEventBatchSize`);
  }
  return { eventHubs, routePrefix: http.routePrefix };
}

function withOverrides(content: unknown, env: NodeJS.ProcessEnv): unknown {
  const result: unknown = structuredClone(content);
  for (const [name, value] of Object.entries(env)) {
    const path = OVERRIDE.exec(name)?.[1]?.split('__');
    if (path && value !== undefined) override(result, path, /^-?\d+$/.test(value) ? Number(value) : value);
  }
  return result;
}

function override(target: unknown, path: readonly string[], value: unknown): void {
  let at = target;
  for (const [index, key] of path.entries()) {
    if (typeof at !== 'object' || at === null || key === '__proto__') return;
    const object = at as Record<string, unknown>;
    if (index === path.length - 1) object[key] = value;
    else if (!Object.hasOwn(object, key)) object[key] = {};
    at = object[key];
  }
}
