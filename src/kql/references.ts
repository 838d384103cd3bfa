import { createHash } from 'node:crypto';
import { mapQueries } from './analysis/expressions';
import { mapOp } from './analysis/map';
import type { Pipeline, Source } from './ir';
import type { Column } from './values/types';

/** A list outside the rule whose rows a plan holds: a file that `externaldata` names, or a watchlist. */
export interface Reference {
  /** Stands in every source that holds rows of it; several files of one `externaldata` share it. */
  readonly id: string;
  /** Exactly one of `url` and `watchlist` is set. May hold a secret (a shared access signature): show it by `shownUrl`. */
  readonly url?: string;
  readonly watchlist?: string;
  readonly format?: string;
  readonly ignoreFirstRecord?: boolean;
  /** The content is a file of whoever built the rule, given for the URL: it is not fetched anew. */
  readonly isLocal?: boolean;
  /** Of the file, hex. */
  readonly sha256: string;
  readonly rows: number;
  /** When the file was fetched, or a local one written, ISO 8601. */
  readonly fetchedAt: string;
}

/** A list as it is shown: where it is from, without what may be secret, and of when. */
export type ShownReference = Pick<Reference, 'url' | 'watchlist' | 'sha256' | 'rows' | 'fetchedAt'>;

export const shownReference = ({ url, watchlist, sha256, rows, fetchedAt }: Reference): ShownReference => ({
  ...(url === undefined ? { watchlist } : { url: shownUrl(url) }),
  sha256,
  rows,
  fetchedAt,
});

export type RowsSource = Extract<Source, { kind: 'rows' }>;

export const watchlistReferenceId = (alias: string): string => `watchlist:${alias}`;

/** The same for all `externaldata` operators that give the same rows, in whatever rule they stand. */
export const externalReferenceId = (
  urls: readonly string[],
  format: string | undefined,
  ignoreFirstRecord: boolean,
  columns: readonly Column[],
): string =>
  createHash('sha256')
    .update(JSON.stringify([urls, format ?? null, ignoreFirstRecord, columns.map(({ name, type }) => [name, type])]))
    .digest('hex')
    .slice(0, 16);

/** Each list once: what a `let` names is translated at every use. */
export function uniqueReferences(references: readonly Reference[]): Reference[] {
  const seen = new Map(references.map((reference) => [JSON.stringify([reference.id, reference.url]), reference]));
  return [...seen.values()];
}

/** A URL as it may be shown: its query and any user name may be secret. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return url.replace(/[?#;].*$/s, '');
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname.replace(/;.*$/s, '')}`;
}

/** A list as it may be shown. */
export const referenceName = ({ url, watchlist }: Pick<Reference, 'url' | 'watchlist'>): string =>
  url === undefined ? `watchlist ${watchlist ?? ''}` : shownUrl(url);

/** The plan with every source of rows replaced, wherever it stands. */
export function mapRows(plan: Pipeline, replace: (source: RowsSource) => RowsSource): Pipeline {
  const within = (inner: Pipeline): Pipeline => mapRows(inner, replace);
  return {
    source: sourceOf(plan.source, replace, within),
    ops: plan.ops.map((op) => mapOp(op, (expr) => mapQueries(expr, within), within)),
  };
}

function sourceOf(
  source: Source,
  replace: (source: RowsSource) => RowsSource,
  within: (plan: Pipeline) => Pipeline,
): Source {
  if (source.kind === 'rows') return replace(source);
  if (source.kind === 'union')
    return { kind: 'union', union: { ...source.union, legs: source.union.legs.map(within) } };
  if (source.kind !== 'range') return source;
  const { from, to, step } = source;
  const query = (expr: typeof from): typeof from => mapQueries(expr, within);
  return { ...source, from: query(from), to: query(to), step: query(step) };
}
