import { Cron } from 'croner';

/** Numbers, names of months and days, and how NCRONTAB joins them; croner's own additions (L, W, #) are left out. */
const FIELD = /^(?:[0-9*,/-]|[A-Za-z]{3})+$/;

/** When a timer fires (UTC). */
export interface Schedule {
  /** First occurrence after this time, both in milliseconds since 1970; undefined if there is none. */
  next(after: number): number | undefined;
}

/**
 * An NCRONTAB expression: six fields from seconds to day of week, or five without seconds. A day must match both the
 * day of month and the day of week. Throws an Error for what NCRONTAB does not know (time spans included).
 */
export function parseNcrontab(expression: string): Schedule {
  const fields = expression.trim().split(/\s+/);
  if ((fields.length !== 6 && fields.length !== 5) || !fields.every((field) => FIELD.test(field))) {
    throw new Error(
      `"${expression}" is no NCRONTAB expression: six fields {second} {minute} {hour} {day} {month} {day of week}`,
    );
  }
  const six = fields.length === 6 ? fields : ['0', ...fields];
  let cron: Cron;
  try {
    cron = new Cron(six.join(' '), { timezone: 'UTC', domAndDow: true, paused: true });
  } catch (error) {
    throw new Error(`"${expression}" is no NCRONTAB expression: ${error instanceof Error ? error.message : error}`);
  }
  return { next: (after) => cron.nextRun(new Date(after))?.getTime() };
}
