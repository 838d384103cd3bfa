import { DEFAULTS } from '../../src/engine';
import { prepareRules } from '../../src/engine/rules';
import { windowRuntime } from '../../src/engine/window-state';
import type { StageLabels } from '../../src/explain/funnel/funnel';
import { type Op, preparePipeline, type Runtime } from '../../src/kql';
import type { RulePlan } from '../../src/plan/rule-plan';
import { paneRange, parseStatePartitionKey } from '../../src/state/keys';
import { readState } from '../../src/state/read';
import { conditionsOf, filterBy } from '../../src/streaming/conditions';
import type { OfflineRun } from '../offline/offline';

/** Rows after a step of the flush stage, over all windows. */
export interface FlushStep {
  readonly number: string;
  readonly kind: string;
  readonly text: string;
  readonly rows: number;
}

export interface FlushCount {
  /** Groups or rows kept, by leg. */
  readonly kept: readonly { readonly kind: 'groups' | 'rows'; readonly count: number; readonly stage?: string }[];
  readonly windows: number;
  /** Windows beyond the bound that were not counted. */
  readonly uncounted: number;
  readonly steps: readonly FlushStep[];
}

const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T00:00:00.000Z');
/** Each window is evaluated once for every step of the flush. */
const MOST_WINDOWS = 1_000;

/** Counts what the flush stage makes of the state, step by step; before the run is finished. */
export async function flushCount(plan: RulePlan, run: OfflineRun, labels: StageLabels): Promise<FlushCount> {
  const [rule] = prepareRules([{ ...plan, settings: { ...plan.settings, enabled: true } }]).rules;
  const { frequencyMs, periodMs } = plan.schedule;
  const ends = new Set<number>();
  const kept: FlushCount['kept'][number][] = [];
  for (const leg of plan.stream.legs) {
    let count = 0;
    for await (const item of readState(run.store, run.tables.state, paneRange(leg.hash, FIRST, LAST))) {
      if (item.kind === 'mark') continue;
      count++;
      const { paneStart } = parseStatePartitionKey(item.partitionKey);
      const first = Math.ceil((paneStart + plan.stream.paneMs) / frequencyMs) * frequencyMs;
      for (let end = first; end <= paneStart + periodMs; end += frequencyMs) ends.add(end);
    }
    const stage = leg.group ? labels.of(leg.group).number : undefined;
    kept.push({ kind: leg.group ? 'groups' : 'rows', count, ...(stage ? { stage } : {}) });
  }
  const steps = stepsOf(plan.stream.flush.ops, labels);
  const rows = steps.map(() => 0);
  const windows = [...ends].sort((a, b) => a - b);
  const options = {
    store: run.store,
    tables: run.tables,
    maxRowsPerWindow: DEFAULTS.maxRowsPerWindow,
    maxTextPerWindow: Number.POSITIVE_INFINITY,
    log: () => undefined,
  };
  for (const end of windows.slice(0, MOST_WINDOWS)) {
    const runtime = await windowRuntime(rule!, options, end);
    for (const [i, { ops }] of steps.entries()) rows[i]! += rowsAfter(plan, ops, runtime);
  }
  return {
    kept,
    windows: windows.length,
    uncounted: Math.max(0, windows.length - MOST_WINDOWS),
    steps: steps.map(({ label }, i) => ({ ...label, rows: rows[i]! })),
  };
}

const rowsAfter = ({ stream }: RulePlan, ops: readonly Op[], runtime: Runtime): number =>
  preparePipeline({ source: stream.flush.source, ops }).run({ ...runtime, cache: new Map() }).rows.length;

interface Step {
  readonly label: Omit<FlushStep, 'rows'>;
  /** All operators up to this step. */
  readonly ops: readonly Op[];
}

/** The flush's operators one after the other, filters predicate by predicate; what was one operator in the query is one step. */
function stepsOf(ops: readonly Op[], labels: StageLabels): Step[] {
  const steps: Step[] = [];
  let before: Op[] = [];
  ops.forEach((op, i) => {
    const { number, kind, text, predicate } = labels.of(op);
    const conditions = conditionsOf(op);
    if (conditions) {
      conditions.forEach((cond, j) => {
        before = [...before, ...filterBy([cond])];
        steps.push({ label: { kind, ...predicate(j) }, ops: before });
      });
      return;
    }
    before = [...before, op];
    const isLast = op.stage === undefined || ops[i + 1]?.stage !== op.stage;
    if (isLast) steps.push({ label: { number, kind, text }, ops: before });
  });
  return steps;
}
