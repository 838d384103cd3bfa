import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ListContent, ListFault } from '../../src/compiler/compile';
import { type FetchOptions, fetchList } from '../../src/host/fetch-list';
import { listText } from '../../src/host/list-body';
import type { Lists } from '../../src/rules/workspace';

export interface FileListsOptions extends Pick<FetchOptions, 'allowHttp' | 'maxBytes' | 'timeoutMs'> {
  /** Files that stand for URLs; they win over everything. */
  readonly files: ReadonlyMap<string, string>;
  /** Folder of copies. */
  readonly cache: string;
  /** Only copies, of whatever age. */
  readonly offline?: boolean;
  /** What cannot be had is an empty list, with a warning: for a check of the rules, never for what is run. */
  readonly orEmpty?: boolean;
  /** A copy that was fetched or found unchanged less than this ago is not asked for again, ms (default one hour). */
  readonly freshMs?: number;
  readonly now?: () => number;
}

const NOTE = z.object({
  url: z.string(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  /** Of the bytes that were sent. */
  sha256: z.string(),
  /** Of the text that is kept. */
  textSha256: z.string(),
  fetchedAt: z.string(),
  checkedAt: z.string(),
});
type Note = z.infer<typeof NOTE>;

const HOUR = 3_600_000;
const MAX_BYTES = 100 * 1024 * 1024;
const AT_ONCE = 6;
/** When what stands for a list that cannot be had was fetched: the same at every check. */
const NEVER = new Date(0).toISOString();

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Lists from local files, from copies, and from the network. */
export class FileLists implements Lists {
  private readonly known = new Map<string, ListContent | ListFault>();
  private readonly now: () => number;

  constructor(private readonly options: FileListsOptions) {
    this.now = options.now ?? Date.now;
  }

  get(url: string): ListContent | ListFault | undefined {
    return this.known.get(url);
  }

  async load(urls: readonly string[]): Promise<void> {
    const missing = [...new Set(urls)].filter((url) => !this.known.has(url));
    for (let i = 0; i < missing.length; i += AT_ONCE)
      await Promise.all(missing.slice(i, i + AT_ONCE).map(async (url) => this.known.set(url, await this.find(url))));
  }

  private async find(url: string): Promise<ListContent | ListFault> {
    const found = await this.findContent(url);
    if (!('problem' in found) || !this.options.orEmpty) return found;
    const warning = `checked as an empty list, and refused by 'build': ${found.problem}`;
    return { text: '', sha256: sha256(''), fetchedAt: NEVER, warning };
  }

  private async findContent(url: string): Promise<ListContent | ListFault> {
    const file = this.options.files.get(url);
    if (file !== undefined) return local(file, this.options.maxBytes ?? MAX_BYTES);
    const copy = this.readCopy(url);
    const { offline, freshMs = HOUR } = this.options;
    if (copy && (offline || this.now() - Date.parse(copy.note.checkedAt) < freshMs)) return contentOf(copy);
    if (offline) return { problem: 'there is no copy of it, and --offline fetches nothing' };
    try {
      const fetched = await fetchList(url, { ...this.options, known: copy?.note });
      const at = new Date(this.now()).toISOString();
      if (fetched === undefined) return contentOf(this.keep({ ...copy!.note, checkedAt: at }, copy!.text));
      const { text, ...rest } = fetched;
      const note = { url, ...rest, textSha256: sha256(text), fetchedAt: at, checkedAt: at };
      return contentOf(this.keep(note, text));
    } catch (error) {
      const reason = (error as Error).message;
      if (!copy) return { problem: reason };
      const warning = `the copy of ${copy.note.checkedAt} is used: ${reason}`;
      return { ...contentOf(copy), warning };
    }
  }

  /** A copy whose text is not the one that was written counts as none. */
  private readCopy(url: string): { note: Note; text: string } | undefined {
    const { note: notePath, text: textPath } = this.paths(url);
    if (!existsSync(notePath) || !existsSync(textPath)) return undefined;
    const note = NOTE.safeParse(parse(readFileSync(notePath, 'utf8')));
    const text = readFileSync(textPath, 'utf8');
    return note.success && note.data.url === url && note.data.textSha256 === sha256(text)
      ? { note: note.data, text }
      : undefined;
  }

  private keep(note: Note, text: string): { note: Note; text: string } {
    mkdirSync(this.options.cache, { recursive: true });
    const { note: notePath, text: textPath } = this.paths(note.url);
    put(textPath, text);
    put(notePath, JSON.stringify(note));
    return { note, text };
  }

  private paths(url: string): { note: string; text: string } {
    const base = join(this.options.cache, sha256(url).slice(0, 32));
    return { note: `${base}.json`, text: `${base}.txt` };
  }
}

/** Another command may be reading. */
function put(path: string, content: string): void {
  writeFileSync(`${path}.${process.pid}`, content, { mode: 0o600 });
  renameSync(`${path}.${process.pid}`, path);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const contentOf = ({ note, text }: { note: Note; text: string }): ListContent => ({
  text,
  sha256: note.sha256,
  fetchedAt: note.fetchedAt,
});

function local(file: string, maxBytes: number): ListContent | ListFault {
  const bytes = readFileSync(file);
  try {
    return {
      text: listText(bytes, maxBytes),
      sha256: sha256(bytes),
      fetchedAt: statSync(file).mtime.toISOString(),
      isLocal: true,
    };
  } catch (error) {
    return { problem: `${file}: ${(error as Error).message}` };
  }
}
