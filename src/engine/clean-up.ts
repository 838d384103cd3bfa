import { expireOld } from './expiry';
import { OldAlerts } from './old-alerts';
import type { RuleSet } from './rules';
import type { Tick } from './tick';
import type { EngineOptions } from './types';

/** How often state and alerts that are too old are looked for, where nothing was left, ms. */
const STATE_EVERY_MS = 600_000;
const ALERTS_EVERY_MS = 3_600_000;
/** Calls for old alerts in one flush, where they find none: each looks at some partitions. */
const ALERT_CALLS = 4;
/** Entities deleted in one turn. */
const TURN = 5_000;

/** Deletes what is too old, over all flushes of a process. Looking for it costs requests, so it is not done at every flush. */
export class CleanUp {
  private stateAt = Number.NEGATIVE_INFINITY;
  private alertsAt = Number.NEGATIVE_INFINITY;
  private turns = 0;
  private readonly alerts: OldAlerts;

  constructor(private readonly options: EngineOptions) {
    this.alerts = new OldAlerts(options);
  }

  /** What there is to be deleted at a flush: of state, and of alerts, `maxExpiredPerFlush` entities at most. */
  of(tick: Tick, rules: RuleSet): CleanUpWork {
    const { now } = tick;
    const isTime = (at: number, every: number): boolean => this.options.mode === 'live' && Math.abs(now - at) >= every;
    return new CleanUpWork(this.options.maxExpiredPerFlush, {
      state: isTime(this.stateAt, STATE_EVERY_MS)
        ? (limit) => {
            const turn = this.turns++;
            const goOn = (): boolean => !tick.budget.isSpent;
            return expireOld(this.options, rules, { now, watermark: tick.watermark, turn, limit, goOn });
          }
        : undefined,
      alerts: isTime(this.alertsAt, ALERTS_EVERY_MS) ? this.forgetting(now) : undefined,
      isDone: (kind) => {
        if (kind === 'state') this.stateAt = now;
      },
    });
  }

  /** A round through all alerts takes several flushes, then there is a pause. */
  private forgetting(now: number): Step {
    let calls = 0;
    return async (limit) => {
      const { deleted, more, isRound } = await this.alerts.forget(now, limit);
      if (isRound) this.alertsAt = now;
      return { deleted, more: more || (!isRound && ++calls < ALERT_CALLS) };
    };
  }
}

type Kind = 'state' | 'alerts';
/** Deletes so many entities at most. */
type Step = (limit: number) => Promise<{ readonly deleted: number; readonly more: boolean }>;

interface Steps extends Readonly<Record<Kind, Step | undefined>> {
  /** Nothing of it is left for now. */
  isDone(kind: Kind): void;
}

/** What one flush deletes, in turns. */
export class CleanUpWork {
  readonly deleted: Record<Kind, number> = { state: 0, alerts: 0 };
  private readonly open: Set<Kind>;

  constructor(
    private readonly limit: number,
    private readonly steps: Steps,
  ) {
    this.open = new Set((['state', 'alerts'] as const).filter((kind) => steps[kind]));
  }

  /** Whether this flush can do more. */
  get hasMore(): boolean {
    return this.open.size > 0;
  }

  /** Deletes some. Returns whether there is more for this flush. Throws StoreUnavailable. */
  async turn(): Promise<boolean> {
    for (const kind of [...this.open]) {
      const { deleted, more } = await this.steps[kind]!(Math.min(TURN, this.limit - this.deleted[kind]));
      this.deleted[kind] += deleted;
      // What is left goes at the next flush.
      if (more && this.deleted[kind] < this.limit) continue;
      this.open.delete(kind);
      if (!more) this.steps.isDone(kind);
    }
    return this.hasMore;
  }
}
