import type { SinkDefinition } from './define';
import { eventHub } from './event-hub';
import { file } from './file';
import { logsIngestion } from './logs-ingestion';
import { stdout } from './stdout';

/** Every sink, in the order in which alerts are sent. */
export const SINKS = [stdout, file, eventHub, logsIngestion] as const satisfies readonly SinkDefinition[];
