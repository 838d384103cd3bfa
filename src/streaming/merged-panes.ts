import { decodeValue, type Group, KqlError, type Row, type Source, type Within } from '../kql';
import { type LegRunner, parseGroup, parseRow } from './leg-runner';
import type { TextBudget } from './text-budget';

/** A stored item of a leg with the start of its pane (ms). */
export interface StateValue {
  readonly paneStart: number;
  readonly value: string;
}

/**
 * The state of one leg over the panes of a window, merged as it is read. `scan` then gives what a `state` source of the flush stage
 * stands for.
 */
export class MergedPanes {
  /** By bounds on the window: a flush stage may read one leg several times, under different bounds. */
  private readonly views = new Map<string, View>();

  constructor(
    private readonly runner: LegRunner,
    /** End of the window, T, ms. */
    private readonly endMs: number,
    private readonly maxRows: number,
    withins: readonly (Within | undefined)[],
    private readonly budget?: TextBudget,
  ) {
    for (const within of withins) this.views.set(keyOf(within), { within, groups: new Map(), rows: [], rowText: 0 });
    budget?.measuredBy(() => this.measure());
  }

  add({ paneStart, value }: StateValue): void {
    for (const view of this.views.values()) {
      if (this.runner.summarize) this.addGroup(view, paneStart, value);
      else this.addRow(view, paneStart, value);
    }
  }

  /** Characters of what is held, as it would be stored. */
  private measure(): number {
    let held = 0;
    for (const { groups, rowText } of this.views.values()) {
      held += rowText;
      for (const [key, { group }] of groups) held += key.length + textLength(this.runner.summarize!.save(group));
    }
    return held;
  }

  private addGroup(view: View, paneStart: number, value: string): void {
    const summarize = this.runner.summarize!;
    const stored = parseGroup(value);
    if (!isWithin(view.within, this.endMs, paneStart, stored.e === 1)) return;
    const keys = stored.k.map((cell, i) => decodeValue(cell, summarize.schema[i]!.type));
    const text = summarize.keyText(keys);
    this.budget?.take(value.length);
    const known = view.groups.get(text);
    const group = summarize.load(keys, stored.a);
    if (!known) {
      if (view.groups.size >= this.maxRows) throw tooMany('groups', this.maxRows);
      view.groups.set(text, { group, order: stored.o });
      return;
    }
    summarize.merge(known.group, group);
    if (stored.o < known.order) known.order = stored.o;
  }

  private addRow(view: View, paneStart: number, value: string): void {
    const stored = parseRow(value);
    if (!isWithin(view.within, this.endMs, paneStart, stored.e === 1)) return;
    if (view.rows.length >= this.maxRows) throw tooMany('rows', this.maxRows);
    this.budget?.take(value.length);
    view.rowText += value.length;
    const columns = this.runner.leg.columns;
    view.rows.push({ order: stored.o, row: stored.c.map((cell, i) => decodeValue(cell, columns[i]!.type)) });
  }

  /** Rows in canonical order; groups in the order of their first row. */
  scan(source: Extract<Source, { kind: 'state' }>): Row[] {
    const view = this.views.get(keyOf(source.within));
    if (!view) throw new Error('a state source was not announced');
    const byOrder = (a: { order: string }, b: { order: string }): number =>
      a.order < b.order ? -1 : a.order > b.order ? 1 : 0;
    const summarize = this.runner.summarize;
    if (!summarize) return [...view.rows].sort(byOrder).map(({ row }) => row);
    if (view.groups.size === 0 && summarize.keyCount === 0) return [summarize.result(summarize.create([]))];
    return [...view.groups.values()].sort(byOrder).map(({ group }) => summarize.result(group));
  }
}

interface View {
  readonly within: Within | undefined;
  readonly groups: Map<string, { group: Group; order: string }>;
  readonly rows: { order: string; row: Row }[];
  /** Characters of the rows as they were stored. */
  rowText: number;
}

/** Characters of saved states, about, without making their JSON. */
function textLength(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 2);
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [name, item]) => sum + name.length + textLength(item), 2);
}

const keyOf = (within: Within | undefined): string => JSON.stringify(within ?? {});

const tooMany = (what: string, most: number): KqlError =>
  new KqlError('run', `the window holds more than ${most} ${what}: filter earlier or summarize by fewer columns`);

/** Whether a pane lies in a part of the window; `isEdge`: whether the rows on its first tick do. Bounds are multiples of the pane's width. */
export function isWithin(within: Within | undefined, endMs: number, paneStart: number, isEdge: boolean): boolean {
  if (!within) return true;
  if (within.fromMs !== undefined) {
    const from = endMs - within.fromMs;
    if (paneStart < from || (paneStart === from && isEdge && within.fromOpen)) return false;
  }
  if (within.toMs !== undefined) {
    const to = endMs - within.toMs;
    if (paneStart > to || (paneStart === to && !(isEdge && within.toClosed))) return false;
  }
  return true;
}
