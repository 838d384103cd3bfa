import { unixtime } from './support/unixtime';

export const unixtimeMicrosecondsToDatetime = unixtime('microseconds', (value) => value * 10n, 10);
