import { referenceName } from '../plan/plan-lists';
import type { RulePlan } from '../plan/rule-plan';
import type { ListCatalogue } from './list-store';

export interface ListAge {
  /** The URL without what may be secret in it, or the watchlist. */
  readonly name: string;
  readonly kind: 'external' | 'watchlist' | 'local';
  readonly rows: number;
  /** When this content was fetched, or the file written, ISO 8601. */
  readonly fetchedAt: string;
  /** How long ago it was last found to be what its source has, ms. 0 for watchlists and local files, which have no other source. */
  readonly ageMs: number;
}

/** The lists that plans use, each once, with their ages at `now` (ms); `lists`: what was fetched since the plans were built. */
export function listAges(plans: readonly RulePlan[], lists: ListCatalogue['lists'], now: number): ListAge[] {
  const ages = new Map<string, ListAge>();
  for (const { references = [] } of plans) {
    const seen = new Map<string, number>();
    for (const reference of references) {
      const { id, url, isLocal } = reference;
      const at = seen.get(id) ?? 0;
      seen.set(id, at + 1);
      const stored = Object.hasOwn(lists, id) ? lists[id] : undefined;
      const kind = url === undefined ? 'watchlist' : isLocal ? 'local' : 'external';
      const isFetchedSince = stored !== undefined && stored.checkedAt > reference.fetchedAt;
      const { rows, fetchedAt } = (isFetchedSince ? stored.files[at] : undefined) ?? reference;
      const seenAt = isFetchedSince ? stored.checkedAt : reference.fetchedAt;
      const ageMs = kind === 'external' ? Math.max(0, now - Date.parse(seenAt)) : 0;
      ages.set(`${id} ${at}`, { name: referenceName(reference), kind, rows, fetchedAt, ageMs });
    }
  }
  return [...ages.values()];
}
