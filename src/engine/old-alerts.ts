import { forgetWindows, nextRulePartition } from '../alerts/delivery/retention';
import type { EngineOptions } from './types';

/** Partitions of the outbox looked at in one call. */
const PARTITIONS = 50;

/**
 * Forgets windows and alerts that ended longer ago than the outbox keeps them, delivered or not, of rules that are gone too: it goes through
 * the partitions of the outbox, some of them in each call.
 */
export class OldAlerts {
  /** The partition that was looked at last; undefined: begin at the first. */
  private at: string | undefined;

  constructor(
    private readonly options: Pick<EngineOptions, 'store' | 'tables' | 'keepAlertsMs' | 'maxExpiredPerFlush'>,
  ) {}

  /**
   * Looks at the next partitions. `now`: ms.
   *
   * @returns how many entities were deleted; `maxExpiredPerFlush` where more may be left
   */
  async forget(now: number): Promise<number> {
    const { store, tables, keepAlertsMs, maxExpiredPerFlush } = this.options;
    const outbox = { store, table: tables.alerts };
    let left = maxExpiredPerFlush;
    for (let i = 0; i < PARTITIONS; i++) {
      const partition = await nextRulePartition(outbox, this.at);
      if (partition === undefined) {
        this.at = undefined;
        break;
      }
      left -= await forgetWindows(outbox, partition, now - keepAlertsMs, left);
      // Where there is more of it, the next call goes on here.
      if (left <= 0) break;
      this.at = partition;
    }
    return maxExpiredPerFlush - left;
  }
}
