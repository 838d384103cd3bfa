import { unixtime } from './support/unixtime';

export const unixtimeNanosecondsToDatetime = unixtime('nanoseconds', (value) => value / 100n, 0.01);
