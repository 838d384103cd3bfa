import { unixtime } from './support/unixtime';

export const unixtimeMillisecondsToDatetime = unixtime('milliseconds', (value) => value * 10_000n, 10_000);
