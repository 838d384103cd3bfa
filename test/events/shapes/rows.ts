import { decode } from '../../../src/events/decode';

export const NS = 'http://schemas.microsoft.com/win/2004/08/events/event';
export const CHANNEL = 'Microsoft-Windows-Sysmon/Operational';
export const SYSMON = 'Microsoft-Windows-Sysmon';

/** The only row of a record, or of a text. */
export function rowOf(record: unknown): Record<string, unknown> {
  const { records, rejected } = decode({
    body: Buffer.from(typeof record === 'string' ? record : JSON.stringify(record)),
  });
  expect(rejected).toEqual([]);
  expect(records.map(({ table }) => table)).toEqual(['Event']);
  return records[0]!.fields;
}

/** What is left of a row's EventData without its wrapper. */
export const dataOf = (record: unknown): string =>
  /^<DataItem [^>]*>(.*)<\/DataItem>$/s.exec(String(rowOf(record).EventData))![1]!;

/** The values of a row's EventData by name, as they stand in it. */
export const valuesOf = (record: unknown): Record<string, string> =>
  Object.fromEntries(
    [...dataOf(record).matchAll(/<Data Name="([^"]*)">([^<]*)<\/Data>/g)].map(([, name, value]) => [name, value]),
  );

/** Why a record is a dead letter. */
export function reasonOf(record: unknown): [reason: string, detail: string] {
  const { records, rejected } = decode({
    body: Buffer.from(typeof record === 'string' ? record : JSON.stringify(record)),
  });
  expect([records.length, rejected.length]).toEqual([0, 1]);
  return [rejected[0]!.reason, rejected[0]!.detail];
}
