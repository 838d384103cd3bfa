import { inspect, isObject, type JsonObject, own, parseExact, toJson } from '../json';
import type { RecordShape } from './shape';
import { tableRow } from './table-row';

/** Levels of wrapping: a collector in a collector's message. */
const MAX_LEVELS = 3;
const MAX_PROPERTIES = 64;
/** Where collectors put a record as JSON text. Any other text may be what a stranger chose, such as a browser's name in an access log. */
const TEXTS = new Set('event message msg _raw raw log body payload value data record original line text'.split(' '));

/**
 * A record of another shape in a property, as an object or as JSON text: Splunk's HTTP Event Collector (`event`), Kafka Connect
 * (`payload`), Logstash and Vector (`message`), Docker (`log`), OpenTelemetry in OpenSearch's form (`body`) …
 */
export function wrapped(shapes: readonly RecordShape[]): RecordShape {
  const inner = (record: JsonObject, level = 0): { shape: RecordShape; record: JsonObject } | undefined => {
    let left = MAX_PROPERTIES;
    for (const name in record) {
      if (left-- === 0) break;
      const value = objectOf(record[name], TEXTS.has(name.toLowerCase()));
      if (value === undefined) continue;
      const shape = isRow(value) ? tableRow : shapes.find((candidate) => candidate.matches(value));
      if (shape !== undefined) return { shape, record: value };
      const deeper = level + 1 < MAX_LEVELS ? inner(value, level + 1) : undefined;
      if (deeper !== undefined) return deeper;
    }
    return undefined;
  };
  // What `matches` has found is read next: a JSON text is not parsed twice.
  let last: { outer: JsonObject; found: ReturnType<typeof inner> } | undefined;
  const find = (record: JsonObject) => {
    if (last?.outer === record) return last.found;
    const found = inner(record);
    last = found === undefined ? undefined : { outer: record, found };
    return found;
  };
  return {
    name: 'event in a property',
    hints: ['event', 'payload', 'message', 'log'],
    matches: (record) => find(record) !== undefined,
    read: (record, out) => {
      const found = find(record);
      last = undefined;
      if (found === undefined) out.reject('unknown-shape', 'no event in a property', () => toJson(record));
      else found.shape.read(found.record, out);
    },
  };
}

const isRow = (value: JsonObject): boolean =>
  typeof own(value, 'Type') === 'string' && Object.hasOwn(value, 'TimeGenerated');

function objectOf(value: unknown, isText: boolean): JsonObject | undefined {
  if (isObject(value)) return value;
  if (!isText || typeof value !== 'string' || !/^\s{0,16}\{\s{0,16}"/.test(value.slice(0, 40))) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    const state = inspect(parsed);
    if (!isObject(parsed) || state === 'too-deep') return undefined;
    return state === 'rounded' ? (parseExact(value) as JsonObject) : parsed;
  } catch {
    return undefined;
  }
}
