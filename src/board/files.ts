import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { BoardRequest, BoardResponse } from './request';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page's own files, read once: only names that are there are answered, so no path leads elsewhere. */
export class PageFiles {
  private readonly files = new Map<string, { readonly type: string; readonly packed: Buffer }>();

  /** `folder`: dist/board, each file gzipped. Throws Error where it is not there. */
  constructor(folder: string) {
    if (!existsSync(join(folder, 'index.html.gz')))
      throw new Error(`the page of the board is not built: ${folder} (npm run build)`);
    for (const name of readdirSync(folder)) {
      const type = name.endsWith('.gz') ? TYPES[extname(name.slice(0, -3))] : undefined;
      if (type) this.files.set(name.slice(0, -3), { type, packed: readFileSync(join(folder, name)) });
    }
  }

  get(request: Pick<BoardRequest, 'path' | 'header'>): BoardResponse | undefined {
    const name = request.path === '' ? 'index.html' : request.path;
    const file = this.files.get(name);
    if (!file) return undefined;
    const acceptsGzip = /\bgzip\b/.test(request.header('accept-encoding') ?? '');
    return {
      status: 200,
      headers: {
        'Content-Type': file.type,
        Vary: 'Accept-Encoding',
        // Parts carry their content in their name.
        'Cache-Control': /-[A-Z0-9]{8}\.\w+$/.test(name) ? 'private, max-age=31536000, immutable' : 'no-cache',
        ...(acceptsGzip ? { 'Content-Encoding': 'gzip' } : {}),
      },
      body: acceptsGzip ? file.packed : gunzipSync(file.packed),
    };
  }
}
