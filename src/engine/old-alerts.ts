import { randomUUID } from 'node:crypto';
import { forgetWindows, nextRulePartition } from '../alerts/delivery/retention';
import { inParallel } from '../state/in-parallel';
import type { EngineOptions } from './types';

/** Partitions of the outbox looked at together. */
const PARTITIONS = 8;

/**
 * Forgets windows and alerts that ended longer ago than the outbox keeps them, delivered or not, of rules that are gone too: it goes through
 * the partitions of the outbox, some of them in each call.
 */
export class OldAlerts {
  /**
   * The partition that was looked at last; undefined: begin at the first. Another process begins somewhere else: one that never lives for long
   * would always look at the same ones.
   */
  private at: string | undefined = `rule.${randomUUID()}`;

  constructor(private readonly options: Pick<EngineOptions, 'store' | 'tables' | 'keepAlertsMs'>) {}

  /**
   * Looks at the next partitions. `now`: ms; `limit`: entities, at least.
   *
   * @returns how many entities were deleted, whether more of them may be left, and whether this was the last call of a round through all
   */
  async forget(now: number, limit: number): Promise<{ deleted: number; more: boolean; isRound: boolean }> {
    const { store, tables, keepAlertsMs } = this.options;
    const outbox = { store, table: tables.alerts };
    const partitions: string[] = [];
    for (let at = this.at; partitions.length < PARTITIONS; partitions.push(at)) {
      at = await nextRulePartition(outbox, at);
      if (at === undefined) break;
    }
    const most = Math.max(1, Math.floor(limit / Math.max(1, partitions.length)));
    let deleted = 0;
    let isCut = false;
    await inParallel(partitions, PARTITIONS, async (partition) => {
      const count = await forgetWindows(outbox, partition, now - keepAlertsMs, most);
      deleted += count;
      isCut ||= count >= most;
    });
    // Where there is more of some, the next call looks at these again.
    if (isCut) return { deleted, more: true, isRound: false };
    this.at = partitions.length < PARTITIONS ? undefined : partitions.at(-1);
    return { deleted, more: deleted > 0, isRound: this.at === undefined };
  }
}
