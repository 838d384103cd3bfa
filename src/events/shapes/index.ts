import type { Scanner } from '../../scan';
import { diagnostic } from './diagnostic';
import { ecs } from './ecs';
import { eventJson } from './event-json';
import { fluentBit } from './fluent-bit';
import { nxlog } from './nxlog';
import { openTelemetry } from './opentelemetry';
import { rawXml } from './raw-xml';
import type { RecordShape } from './shape';
import { tableRow } from './table-row';
import { vector } from './vector';
import { winlogbeat6 } from './winlogbeat-6';
import { wrapped } from './wrapped';

const eventShapes: readonly RecordShape[] = [
  ecs,
  winlogbeat6,
  openTelemetry,
  nxlog,
  fluentBit,
  vector,
  eventJson,
  diagnostic,
  rawXml,
];

/**
 * Every form of JSON object that can be read, the first that matches wins. Add a shape with one line above.
 * NXLog comes first: an event's own `Type` would be taken for a table.
 */
export const recordShapes: readonly RecordShape[] = [nxlog, tableRow, ...eventShapes, wrapped(eventShapes)];

/** The only one that is looked for in a message that begins as table rows do. */
export const rowShapes: readonly RecordShape[] = [tableRow];

/** `glance` of the first shape that a record matches, rows apart; undefined where some shape does not tell. */
export function glance(record: Scanner): number | undefined {
  for (const shape of eventShapes) {
    const seen = shape.glance?.(record);
    if (seen !== false) return seen;
  }
  return undefined;
}

/** What an object that no shape reads comes nearest to, in words for a dead letter. */
export function nearestShape(record: Record<string, unknown>): string {
  let best: { shape: RecordShape; found: string[] } | undefined;
  for (const shape of recordShapes) {
    const found = shape.hints.filter((hint) => Object.hasOwn(record, hint));
    if (found.length > (best?.found.length ?? 0)) best = { shape, found };
  }
  if (best !== undefined) return `nearest: ${best.shape.name} (has ${best.found.join(', ')})`;
  const names = Object.keys(record).slice(0, 5).join(', ').slice(0, 200);
  return names === '' ? 'the object is empty' : `nearest: none, no shape knows ${names}`;
}
