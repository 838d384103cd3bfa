import type { WindowRecord } from '../alerts/delivery/windows';
import { recordsOf } from './records';
import type { EngineRule } from './rules';
import { SharedPanes } from './shared-panes';
import type { Tick } from './tick';
import { type Attempt, type Attempted, attempt, cutOff } from './window-attempt';
import { windowRuntime } from './window-state';
import { WindowTime } from './window-time';

/**
 * Windows of one rule that are run one after the other, over panes that are read once. Those that are due must have been published as closing
 * before this is opened, and notes of late events been read.
 */
export class WindowBatch {
  private readonly time: WindowTime;
  private readonly panes: SharedPanes | undefined;

  private constructor(
    private readonly tick: Tick,
    private readonly rule: EngineRule,
    ends: readonly number[],
    private readonly records: ((end: number) => WindowRecord) | undefined,
  ) {
    this.time = new WindowTime(tick.budget, tick.gate);
    if (records) this.panes = new SharedPanes(rule, tick.options, ends, this.time);
  }

  /** `ends` of the windows, ms, from the oldest to the newest. Throws StoreUnavailable. */
  static async open(tick: Tick, rule: EngineRule, ends: readonly number[]): Promise<WindowBatch> {
    const outbox = { store: tick.options.store, table: tick.options.tables.alerts };
    return new WindowBatch(tick, rule, ends, await recordsOf(outbox, rule.plan.rule.id, ends));
  }

  /** Runs one of the windows; they are asked for in their order. As `attempt`. */
  run(window: Omit<Attempt, 'record' | 'state'>): Promise<Attempted> {
    const { tick, rule, records, panes, time } = this;
    const { end } = window;
    const state = () => (panes ? panes.runtime(end) : windowRuntime(rule, tick.options, end, time));
    return attempt(tick, rule, { ...window, state, ...(records ? { record: records(end) } : {}) }, time);
  }

  /** As `run`, but a window that holds nothing, of a rule that says nothing then, is passed over where it has said nothing. */
  async runOrPass(window: Omit<Attempt, 'record' | 'state'>): Promise<Attempted | 'passed'> {
    const { end } = window;
    try {
      if (await this.isIdle(end)) return 'passed';
    } catch (error) {
      const cut = cutOff(this.tick, this.rule, end, error);
      if (cut) return cut;
      throw error;
    }
    return this.run(window);
  }

  private async isIdle(end: number): Promise<boolean> {
    if (!this.rule.plan.isSilentWithoutEvents || this.records?.(end).attempt !== 0) return false;
    this.time.begin();
    return this.panes?.isEmpty(end) ?? false;
  }

  close(): Promise<void> {
    return this.panes?.close() ?? Promise.resolve(this.time.release());
  }
}
