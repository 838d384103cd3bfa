import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import type { ListRows } from '../plan/plan-lists';
import type { Blobs } from './blobs';

const CATALOGUE = 'lists.json';
const MAX_ROWS_BYTES = 512 * 1024 * 1024;

const ENTRY = z.object({
  /** Of the rows, hex. */
  sha256: z.string(),
  /** When its files were last found to be these, ISO 8601. */
  checkedAt: z.string(),
  files: z.array(z.object({ sha256: z.string(), rows: z.number(), fetchedAt: z.string() })),
});
const FILE = z.object({ format: z.literal(1), lists: z.record(z.string(), ENTRY) });

/** A list as it was fetched last. */
export type StoredList = z.infer<typeof ENTRY>;

export interface ListCatalogue {
  /** By the id of the reference. */
  readonly lists: Readonly<Record<string, StoredList>>;
  readonly etag: string;
}

/** The name of the container of an app's lists. */
export const listsContainer = (tablePrefix: string): string => `${tablePrefix.toLowerCase()}-lists`;

/** Lists that were fetched since the plans were built, in blob storage. Methods throw StoreError. */
export class ListStore {
  constructor(private readonly blobs: Blobs) {}

  /** `known`: as it was read before, returned again if nothing changed. undefined: none was ever fetched. */
  async catalogue(known?: ListCatalogue): Promise<ListCatalogue | undefined> {
    const read = await this.blobs.get(CATALOGUE, known?.etag);
    if (read === 'unchanged') return known;
    if (!read) return undefined;
    const { lists } = FILE.parse(JSON.parse(read.bytes.toString('utf8')));
    return { lists, etag: read.etag };
  }

  /** The rows of a list. Throws Error where they are not those of the catalogue. */
  async rows(id: string, { sha256 }: StoredList): Promise<ListRows['rows']> {
    const read = await this.blobs.get(blobOf(id, sha256));
    if (!read || read === 'unchanged') throw new Error('its rows are gone');
    const text = gunzipSync(read.bytes, { maxOutputLength: MAX_ROWS_BYTES }).toString('utf8');
    if (hashOf(text) !== sha256) throw new Error('its rows are not those that were fetched');
    return JSON.parse(text) as ListRows['rows'];
  }

  /** Stores the rows of a list; gives its entry for the catalogue. */
  async put(id: string, rows: ListRows['rows'], files: StoredList['files'], checkedAt: string): Promise<StoredList> {
    const text = JSON.stringify(rows);
    const sha256 = hashOf(text);
    await this.blobs.put(blobOf(id, sha256), gzipSync(text));
    return { sha256, checkedAt, files };
  }

  /** Writes the catalogue over the one that was read, and removes rows that only that one named. Throws StoreError: also if it changed meanwhile. */
  async publish(lists: ListCatalogue['lists'], before: ListCatalogue | undefined): Promise<void> {
    await this.blobs.put(CATALOGUE, Buffer.from(JSON.stringify({ format: 1, lists })), before?.etag ?? null);
    for (const [id, { sha256 }] of Object.entries(before?.lists ?? {}))
      if (lists[id]?.sha256 !== sha256) await this.blobs.delete(blobOf(id, sha256));
  }
}

const blobOf = (id: string, sha256: string): string => `rows/${id}-${sha256.slice(0, 32)}.json.gz`;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
