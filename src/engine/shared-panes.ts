import { KqlError } from '../kql';
import { paneRange, parseStatePartitionKey } from '../state/keys';
import { readState, type StateItem } from '../state/read';
import { PaneValues } from '../streaming/pane-values';
import type { EngineRule } from './rules';
import { type StateOptions, tellDamaged, type WindowRuntime, WindowState, windowRuntime } from './window-state';
import type { WindowTime } from './window-time';

/** What is held of panes for windows to come, characters. Of a rule with more, each window reads its state by itself. */
const MOST_HELD = 32_000_000;

/** What is not a mark. */
type ValueItem = Exclude<StateItem, { kind: 'mark' }>;

/** A pane as it was read. */
interface Pane {
  readonly values: PaneValues;
  damaged: number;
}

/** One leg's panes, read from the oldest on as windows ask for them. */
interface LegPanes {
  readonly items: AsyncIterator<StateItem>;
  /** Read, of a pane that no window has asked for. */
  next?: ValueItem | undefined;
  isAtEnd: boolean;
  panes: Pane[];
}

/**
 * The panes of windows of one rule that are run one after the other, each pane read once for all windows over it. The windows must have been
 * looked up, and those that are due be published as closing, before this is made: then whatever is committed to a pane after it was read
 * leaves a note, and another run that read newer state is not overtaken.
 */
export class SharedPanes {
  private readonly legs: LegPanes[];
  private readonly told = new Set<string>();
  private held = 0;
  private isGivenUp = false;

  /** `ends` of the windows, ms, from the oldest to the newest. */
  constructor(
    private readonly rule: EngineRule,
    private readonly options: StateOptions,
    private readonly ends: readonly number[],
    private readonly time: WindowTime,
  ) {
    const from = ends[0]! - rule.plan.schedule.periodMs;
    this.legs = rule.legs.map(({ runner }) => ({
      items: readState(options.store, options.tables.state, paneRange(runner.leg.hash, from, ends.at(-1)!))[
        Symbol.asyncIterator
      ](),
      isAtEnd: false,
      panes: [],
    }));
  }

  /** The state of one of the windows; they are asked for in their order. Throws StoreUnavailable, KqlError, NotNow. */
  async runtime(end: number): Promise<WindowRuntime> {
    if (!this.isGivenUp && this.ends.length > 1 && (await this.readTo(end))) return this.merge(end);
    return windowRuntime(this.rule, this.options, end, this.time);
  }

  /** Whether a window holds nothing, where that is known without reading it by itself. */
  async isEmpty(end: number): Promise<boolean> {
    if (this.isGivenUp || this.ends.length === 1 || !(await this.readTo(end))) return false;
    return this.legs.every(({ panes }) => panes.length === 0);
  }

  /** Ends what is being read. */
  async close(): Promise<void> {
    for (const leg of this.legs) await leg.items.return?.();
    this.time.release();
  }

  /** Reads the panes up to the end of a window, and forgets those before it. Returns false where they are too large to be held. */
  private async readTo(end: number): Promise<boolean> {
    const from = end - this.rule.plan.schedule.periodMs;
    for (const [i, leg] of this.legs.entries()) {
      while (leg.panes[0] && leg.panes[0].values.start < from) this.held -= leg.panes.shift()!.values.length;
      for (;;) {
        leg.next ??= await this.nextItem(leg);
        if (!leg.next) break;
        const { paneStart } = parseStatePartitionKey(leg.next.partitionKey);
        if (paneStart >= end) break;
        if (paneStart >= from) await this.keep(i, paneStart, leg.next);
        leg.next = undefined;
        this.time.check();
        if (this.held > MOST_HELD) {
          this.isGivenUp = true;
          this.legs.forEach((other) => {
            other.panes = [];
          });
          return false;
        }
      }
      this.complete(leg.panes.at(-1));
    }
    return true;
  }

  private async nextItem(leg: LegPanes): Promise<ValueItem | undefined> {
    while (!leg.isAtEnd) {
      const { done, value } = await leg.items.next();
      if (done) leg.isAtEnd = true;
      else if (value.kind !== 'mark') return value;
    }
    return undefined;
  }

  private async keep(leg: number, start: number, item: ValueItem): Promise<void> {
    const { panes } = this.legs[leg]!;
    let pane = panes.at(-1);
    if (pane?.values.start !== start) {
      this.complete(pane);
      pane = { values: new PaneValues(this.rule.legs[leg]!.runner, start), damaged: 0 };
      panes.push(pane);
    }
    if (item.kind === 'damaged') return this.leaveOut(pane, item, item.reason);
    await this.time.hold(item.value.length);
    this.held += item.value.length;
    try {
      pane.values.add(item.value);
    } catch (error) {
      this.leaveOut(pane, item, (error as Error).message);
    }
  }

  /** Everything of a pane has been read. */
  private complete(pane: Pane | undefined): void {
    const before = pane?.values.length ?? 0;
    pane?.values.close();
    this.held += (pane?.values.length ?? 0) - before;
  }

  private leaveOut(pane: Pane, item: { partitionKey: string; rowKey: string }, reason: string): void {
    pane.damaged++;
    if (this.told.size === 0) tellDamaged(this.options, this.rule, item, reason);
    this.told.add(item.rowKey);
  }

  private merge(end: number): WindowRuntime {
    const state = new WindowState(this.rule, this.options, end);
    for (const [i, { panes }] of this.legs.entries()) {
      for (const { values, damaged } of panes) {
        state.leaveOut(damaged);
        for (const value of values.values()) {
          this.time.check();
          try {
            state.add(i, values.start, value);
          } catch (error) {
            // What a window cannot hold is the window's fault; what does not decode is this entity's.
            if (error instanceof KqlError) throw error;
            state.leaveOut(1);
            const partitionKey = `${this.rule.legs[i]!.runner.leg.hash} of the pane ${new Date(values.start).toISOString()}`;
            if (this.told.size === 0)
              tellDamaged(this.options, this.rule, { partitionKey, rowKey: '' }, (error as Error).message);
            this.told.add(partitionKey);
          }
        }
      }
    }
    return state.runtime();
  }
}
