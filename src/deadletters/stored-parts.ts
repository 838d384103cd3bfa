import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Properties } from '../state/store';
import type { MessageParts } from './message-parts';

/** More than a message is decoded to: what is larger is not ours. */
const MOST_BYTES = 1_000_000;

/** As properties of the entity: a byte a record, which tells its part, packed. 50,000 records take 50 KB at the very worst. */
export function partsToProperties({ total, parts }: MessageParts): Properties {
  const bytes = new Uint8Array(total);
  parts.forEach(({ records }, i) => {
    for (const record of records) bytes[record] = i + 1;
  });
  const labels = parts.map(({ reason, countedLegs }) => ({ reason, ...(countedLegs ? { legs: countedLegs } : {}) }));
  return { parts: JSON.stringify(labels), partOf: deflateRawSync(bytes) };
}

/** undefined: the letter has none. Throws where the properties are not what {@link partsToProperties} makes. */
export function partsFromProperties({ parts, partOf }: Properties): MessageParts | undefined {
  if (typeof parts !== 'string' || !(partOf instanceof Uint8Array)) return undefined;
  const bytes = inflateRawSync(partOf, { maxOutputLength: MOST_BYTES });
  const labels = JSON.parse(parts) as { reason: string; legs?: string[] }[];
  const records = labels.map((): number[] => []);
  bytes.forEach((part, record) => {
    if (part > 0) records[part - 1]!.push(record);
  });
  return {
    total: bytes.length,
    parts: labels.map(({ reason, legs }, i) => ({
      reason,
      ...(legs ? { countedLegs: legs } : {}),
      records: records[i]!,
    })),
  };
}
