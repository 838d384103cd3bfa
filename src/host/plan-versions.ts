import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { prepareRules } from '../engine/rules';
import { type PlanFile, parsePlans } from '../plan/rule-plan';
import { isConflict } from '../state/errors';
import type { Blobs } from './blobs';

const CATALOGUE = 'current.json';
const blobOf = (id: string): string => `plans/${id}.json.gz`;

/** Versions that are kept; older ones are deleted, the current one never. */
const MOST_VERSIONS = 20;
/** A plan file may unpack to no more, bytes. */
const MAX_PLANS_BYTES = 512 * 1024 * 1024;

const VERSION = z.object({
  id: z.string().check(z.regex(/^[\w-]{1,64}$/)),
  /** Of the blob, hex. */
  sha256: z.string(),
  deployedAt: z.string(),
  rules: z.number(),
});
const FILE = z.object({ format: z.literal(1), current: z.string(), versions: z.array(VERSION) });

/** A set of plans that was deployed. */
export type PlanVersion = z.infer<typeof VERSION>;

export interface PlanCatalogue {
  /** Id of the version in force. */
  readonly current: string;
  /** Newest first. */
  readonly versions: readonly PlanVersion[];
  readonly etag: string;
}

/** The name of the container of an app's plans. */
export const plansContainer = (tablePrefix: string): string => `${tablePrefix.toLowerCase()}-plans`;

/** Plans in blob storage: versions, which never change, and a catalogue that says which of them is in force. */
export class PlanVersions {
  constructor(private readonly blobs: Blobs) {}

  /** `known`: as it was read before, returned again if nothing changed. undefined: no plans were ever deployed here. Throws StoreError. */
  async catalogue(known?: PlanCatalogue): Promise<PlanCatalogue | undefined> {
    const read = await this.blobs.get(CATALOGUE, known?.etag);
    if (read === 'unchanged') return known;
    if (!read) return undefined;
    const parsed = FILE.safeParse(parse(read.bytes.toString('utf8')));
    if (!parsed.success) throw new Error(`${CATALOGUE} in the container of plans was not written by Outrider`);
    return { ...parsed.data, etag: read.etag };
  }

  /** The plans of a version. Throws Error that says why they cannot be run by this engine; StoreError where they cannot be read. */
  async plans({ id, sha256 }: PlanVersion): Promise<PlanFile> {
    const read = await this.blobs.get(blobOf(id));
    if (!read || read === 'unchanged') throw new Error('its plans are gone');
    if (hashOf(read.bytes) !== sha256) throw new Error('its plans are not those that were deployed');
    const file = parsePlans(gunzipSync(read.bytes, { maxOutputLength: MAX_PLANS_BYTES }).toString('utf8'));
    prepareRules(file.rules);
    return file;
  }

  /** Makes plans the version in force. Throws Conflict where another deployment changed it meanwhile, Error where the plans cannot be run. */
  async deploy(text: string, now: number): Promise<PlanVersion> {
    const { rules } = parsePlans(text);
    prepareRules(rules);
    const before = await this.catalogue();
    const bytes = gzipSync(text);
    const sha256 = hashOf(bytes);
    const deployedAt = new Date(now).toISOString();
    const id = `${deployedAt.replace(/[-:.]/g, '')}-${sha256.slice(0, 8)}`;
    const version = { id, sha256, deployedAt, rules: rules.length };
    // The plans are written before the catalogue that names them, so that a reader finds every version that it reads of.
    await this.blobs.put(blobOf(id), bytes);
    const all = [version, ...(before?.versions ?? []).filter((other) => other.id !== id)];
    await this.write({ current: id, versions: all.slice(0, MOST_VERSIONS) }, before);
    for (const { id: old } of all.slice(MOST_VERSIONS)) await this.blobs.delete(blobOf(old));
    return version;
  }

  /**
   * Puts an earlier version in force again: that of an id, or the one before the current one. `dryRun`: only says which. Throws Error,
   * Conflict.
   */
  async rollBack(id?: string, dryRun = false): Promise<PlanVersion> {
    const before = await this.catalogue();
    if (!before) throw new Error('no rules were deployed here');
    const at = before.versions.findIndex((version) => version.id === before.current);
    const target = id === undefined ? before.versions[at + 1] : before.versions.find((version) => version.id === id);
    if (!target)
      throw new Error(id === undefined ? 'there is no version before the current one' : `there is no version '${id}'`);
    await this.plans(target);
    if (!dryRun) await this.write({ current: target.id, versions: before.versions }, before);
    return target;
  }

  private async write(next: Omit<PlanCatalogue, 'etag'>, before: PlanCatalogue | undefined): Promise<void> {
    const { current, versions } = next;
    const bytes = Buffer.from(JSON.stringify({ format: 1, current, versions }));
    try {
      await this.blobs.put(CATALOGUE, bytes, before?.etag ?? null);
    } catch (error) {
      if (isConflict(error)) throw new Conflict();
      throw error;
    }
  }
}

/** Another deployment changed the version in force between our reading and writing. */
export class Conflict extends Error {
  constructor() {
    super('other rules were deployed at the same time: look at them with --list, and deploy again');
  }
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
