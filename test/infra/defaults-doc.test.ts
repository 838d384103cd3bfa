import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APP_DEFAULTS, DEFAULTS } from '../../src/plan/defaults';
import { DEFAULT_SETTINGS } from '../../src/plan/rule-settings';

const read = (path: string): string => readFileSync(join(__dirname, '../..', path), 'utf8').replace(/\s+/g, ' ');
const minutes = (ms: number): string => `${ms / 60_000} minutes`;
const hours = (ms: number): string => `${ms / 3_600_000} hours`;
const days = (ms: number): string => `${ms / 86_400_000} days`;

/** What pages that are written by hand say of defaults. */
describe('the pages say the defaults of the code', () => {
  it.each([
    ['README.md', `after a grace of ${minutes(DEFAULT_SETTINGS.graceMs)} (`],
    ['README.md', `Later than ${hours(DEFAULTS.maxLateMs)} goes to dead letters`],
    ['docs/architecture.md', `grace (${minutes(DEFAULT_SETTINGS.graceMs)})`],
    ['docs/data-handling.md', `\`OUTRIDER_MAX_LATE\` (${hours(DEFAULTS.maxLateMs)})`],
    ['docs/data-handling.md', `${days(DEFAULTS.keepAlertsMs)} after the end of the window, delivered or not`],
    ['docs/data-handling.md', `At most ${DEFAULTS.maxExpiredPerFlush.toLocaleString('en-US')} entities go a minute`],
    ['docs/data-handling.md', `\`OUTRIDER_DEAD_LETTER_DAYS\` (${APP_DEFAULTS.deadLetterDays})`],
    ['docs/runbook.md', `\`OUTRIDER_MAX_WAIT\` (${hours(DEFAULTS.maxWaitMs)})`],
  ])('%s: %s', (path, text) => {
    expect(read(path)).toContain(text);
  });
});
