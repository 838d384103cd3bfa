import { digestRank } from './support/digest_rank';

/** 0…100; NaN for an empty digest. */
export const percentrankTdigest = digestRank('percentrank_tdigest', (rank, total) => (100 * rank) / total);
