import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from '../../src/events/decode';

export const readSample = (name: string): Buffer => readFileSync(join(__dirname, 'samples', name));

export const decodeText = (text: string): ReturnType<typeof decode> => decode({ body: Buffer.from(text) });

/** The only row of a body, which holds nothing else. */
export function onlyRow(body: Uint8Array): Record<string, unknown> {
  const { records, rejected } = decode({ body });
  expect(rejected).toEqual([]);
  expect(records).toHaveLength(1);
  return records[0]!.fields;
}
