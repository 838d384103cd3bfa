import type { Listing } from './node';

/** Items of a list of the library. */
export function items<T>(listing: Listing<T> | null | undefined): T[] {
  if (!listing) return [];
  const count = listing.Count ?? listing.length ?? 0;
  const result: T[] = [];
  for (let i = 0; i < count; i++) result.push(listing.getItem ? listing.getItem(i) : listing[i]!);
  return result;
}
