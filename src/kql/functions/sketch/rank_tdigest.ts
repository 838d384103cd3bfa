import { digestRank } from './support/digest_rank';

export const rankTdigest = digestRank('rank_tdigest', (rank) => rank);
