import { createRuntime, KqlError, type Runtime, type Table, ticksFromMs, visible } from '../kql';
import { paneRange, parseStatePartitionKey } from '../state/keys';
import { readState } from '../state/read';
import { MergedPanes } from '../streaming/merged-panes';
import { TextBudget } from '../streaming/text-budget';
import type { EngineRule } from './rules';
import type { EngineOptions } from './types';
import type { WindowTime } from './window-time';

/** What reading a window needs of the engine. */
export type StateOptions = Pick<EngineOptions, 'store' | 'tables' | 'maxRowsPerWindow' | 'maxTextPerWindow' | 'log'>;

/** A runtime over the state of a window. */
export interface WindowRuntime extends Runtime {
  /** Whether any event of the window came through a row stage. */
  readonly hasState: boolean;
  /** Entities that could not be read and were left out. */
  readonly damaged: number;
}

/**
 * The result of a rule's query over the state of a window. Without any state a rule that is proved silent is not run: its query may name
 * columns that `pivot` makes of data alone.
 */
export function evaluateWindow(rule: EngineRule, runtime: WindowRuntime): { table: Table; damaged: number } {
  const { damaged } = runtime;
  if (!runtime.hasState && rule.plan.isSilentWithoutEvents) return { table: { schema: [], rows: [] }, damaged };
  return { table: visible(rule.flush.run(runtime)), damaged };
}

/** The state of the window that ends at T (ms), merged as it is added: what the flush stage of a rule runs on. */
export class WindowState {
  private readonly states: readonly MergedPanes[];
  private hasState = false;
  private damaged = 0;

  constructor(
    rule: EngineRule,
    private readonly options: StateOptions,
    private readonly end: number,
  ) {
    const budget = new TextBudget(options.maxTextPerWindow);
    this.states = rule.legs.map(
      (leg, i) => new MergedPanes(leg.runner, end, options.maxRowsPerWindow, rule.withins[i]!, budget),
    );
  }

  /** A value of a leg. Throws KqlError where it is too much, and what decoding it throws. */
  add(leg: number, paneStart: number, value: string): void {
    this.hasState = true;
    this.states[leg]!.add({ paneStart, value });
  }

  /** Entities that cannot be read are left out; they must not keep what all others say from being said. */
  leaveOut(count: number): void {
    if (count === 0) return;
    this.hasState = true;
    this.damaged += count;
  }

  runtime(): WindowRuntime {
    const { end, states, hasState, damaged } = this;
    const runtime = createRuntime({
      now: ticksFromMs(end),
      scan(source) {
        if (source.kind !== 'state') throw new Error(`table ${source.name} was not taken apart for the stream`);
        return states[source.leg]!.scan(source);
      },
      maxRows: this.options.maxRowsPerWindow,
    });
    return { ...runtime, hasState, damaged };
  }
}

/** Says which entity is damaged. */
export function tellDamaged(
  { log }: Pick<EngineOptions, 'log'>,
  { plan }: EngineRule,
  entity: { readonly partitionKey: string; readonly rowKey: string },
  reason: string,
): void {
  const { partitionKey, rowKey } = entity;
  log({ level: 'error', message: 'state damaged', rule: plan.rule.id, partitionKey, rowKey, reason });
}

/**
 * Reads the state of the window that ends at T (ms). An entity that cannot be read is left out and told. `time`: what reading it may take.
 * Throws StoreUnavailable, KqlError.
 */
export async function windowRuntime(
  rule: EngineRule,
  options: StateOptions,
  end: number,
  time?: WindowTime,
): Promise<WindowRuntime> {
  const { plan } = rule;
  const state = new WindowState(rule, options, end);
  let damaged = 0;
  const leaveOut = (item: { readonly partitionKey: string; readonly rowKey: string }, reason: string): void => {
    state.leaveOut(1);
    if (damaged++ === 0) tellDamaged(options, rule, item, reason);
  };
  for (const [i, leg] of rule.legs.entries()) {
    const range = paneRange(leg.runner.leg.hash, end - plan.schedule.periodMs, end);
    for await (const item of readState(options.store, options.tables.state, range)) {
      time?.check();
      if (item.kind === 'mark') continue;
      if (item.kind === 'damaged') {
        leaveOut(item, item.reason);
        continue;
      }
      if (time) await time.hold(item.value.length);
      try {
        state.add(i, parseStatePartitionKey(item.partitionKey).paneStart, item.value);
      } catch (error) {
        // What a window cannot hold is the window's fault; what does not decode is this entity's.
        if (error instanceof KqlError) throw error;
        leaveOut(item, (error as Error).message);
      }
    }
  }
  return state.runtime();
}
