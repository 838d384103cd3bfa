export { next } from './next';
export { prev } from './prev';
export { rowCumsum } from './row_cumsum';
export { rowNumber } from './row_number';
export { rowRankDense } from './row_rank_dense';
export { rowRankMin } from './row_rank_min';
export { rowWindowSession } from './row_window_session';
