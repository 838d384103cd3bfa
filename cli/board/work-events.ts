import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkFault } from '../../src/board/source';
import { decode } from '../../src/events/decode';
import type { TableEvent } from '../../src/streaming/canonical-order';
import { messageBodies } from '../io/input';
import type { WorkEvents } from './messages';

/** Of what was dropped, unpacked. */
const MOST_MESSAGES = 500_000;
const MOST_BYTES = 512 * 1024 * 1024;
/** Kinds of files that are told by their name; all else is read as JSON or XML. */
const KINDS = /\.(?:ndjson|jsonl|json|log|xml|evtx)(?:\.gz)?$/i;

/** The bodies of messages. A file is read as `outrider run` reads it; its name says nothing but its kind. Throws WorkFault. */
export async function* bodiesOf(events: WorkEvents): AsyncGenerator<Buffer> {
  if ('bodies' in events) {
    for (const body of events.bodies) yield Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    return;
  }
  const kind = KINDS.exec(events.file)?.[0].toLowerCase() ?? '.json';
  const folder = mkdtempSync(join(tmpdir(), 'outrider-board-'));
  const path = join(folder, `dropped${kind}`);
  try {
    writeFileSync(path, events.bytes, { mode: 0o600 });
    let messages = 0;
    let bytes = 0;
    for await (const body of messageBodies(path)) {
      bytes += body.length;
      if (++messages > MOST_MESSAGES || bytes > MOST_BYTES)
        throw new WorkFault(`the file holds more than is tried here (${MOST_MESSAGES} messages): use 'outrider run'`);
      yield body;
    }
  } catch (error) {
    if (error instanceof WorkFault) throw error;
    throw new WorkFault(
      `the file cannot be read: ${(error as Error).message.replaceAll(path, () => events.file.slice(0, 255))}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface EventTables {
  readonly tables: ReadonlyMap<string, readonly TableEvent[]>;
  readonly events: number;
  /** Messages and records that could not be read, by reason. */
  readonly unread: ReadonlyMap<string, number>;
}

/** Events by table. Throws WorkFault. */
export async function eventTables(events: WorkEvents): Promise<EventTables> {
  const tables = new Map<string, TableEvent[]>();
  const unread = new Map<string, number>();
  let count = 0;
  for await (const body of bodiesOf(events)) {
    const { records, rejected } = decode({ body });
    for (const { reason } of rejected) unread.set(reason, (unread.get(reason) ?? 0) + 1);
    for (const { table, fields } of records) {
      const list = tables.get(table) ?? [];
      if (list.length === 0) tables.set(table, list);
      list.push({ fields, ingestion: 0n });
      count++;
    }
  }
  return { tables, events: count, unread };
}
