const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What the engine goes by where no setting says otherwise. Durations in ms. */
export const DEFAULTS = {
  maxLateMs: DAY,
  maxAheadMs: HOUR,
  maxWaitMs: 6 * HOUR,
  maxWindowsPerFlush: 100,
  maxRowsPerWindow: 1_000_000,
  /** Characters. */
  maxTextPerWindow: 200_000_000,
  /** Twice of it, and a minute, is less than `functionTimeout` in host.json. */
  maxFlushMs: 4 * MINUTE,
  maxExpiredPerFlush: 200_000,
  keepAlertsMs: 90 * DAY,
} as const;

/** The same of the app around it. */
export const APP_DEFAULTS = {
  tablePrefix: 'Outrider',
  listsEveryMs: DAY,
  mode: 'live',
  deadLetterDays: 30,
  consumerGroup: '$Default',
  /** NCRONTAB, six fields. */
  flushSchedule: '0 * * * * *',
} as const;
