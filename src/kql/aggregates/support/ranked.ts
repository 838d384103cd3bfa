import type { Encoded } from '../../values/codec';
import type { Order } from '../define';

/** Something chosen by where its row stands in canonical order; `at` tells things of one row apart. */
export interface Ranked {
  readonly order: Order;
  readonly at: number;
}

export const compareRanked = (a: Ranked, b: Ranked): number =>
  a.order < b.order ? -1 : a.order > b.order ? 1 : a.at - b.at;

export const saveRank = ({ order, at }: Ranked): Encoded[] => [order, at];

/** Most items of make_list, make_set and make_bag. */
export const MAX_SIZE = 1_048_576;

/** The `maxSize` argument: positive, at most MAX_SIZE. */
export const sizeLimit = (argument: number | bigint | null | undefined, otherwise: number): number =>
  argument === null || argument === undefined || argument <= 0 ? otherwise : Math.min(Number(argument), MAX_SIZE);
