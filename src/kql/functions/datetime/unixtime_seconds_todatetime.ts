import { unixtime } from './support/unixtime';

export const unixtimeSecondsToDatetime = unixtime('seconds', (value) => value * 10_000_000n, 10_000_000);
