import { clearLatePanes, type LatePane, noteDone } from './late-notes';
import { owns, type RuleCursor } from './rule-cursor';
import type { EngineRule } from './rules';
import type { Tick } from './tick';
import { WindowBatch } from './window-batch';

/** What stands for a cursor in a replay: every window is owned, and may be run at any time. */
const EVERY_WINDOW = {
  ownsAfter: -Infinity,
  ownsUntil: 0,
  notOwned: [],
  lastRunEnd: Infinity,
  closingEnd: Infinity,
  windowsKeptFrom: 0,
  countedSince: 0,
  correctedTo: 0,
};

type Bounds = Pick<RuleCursor, keyof typeof EVERY_WINDOW>;

/** A note, with the windows over its pane. */
interface Work {
  note: LatePane;
  /** Ends of the windows that it asks for, ms, from the oldest to the newest. */
  readonly ends: readonly number[];
  readonly done: Set<number>;
  /** A window that is being run elsewhere may have read the state before: the note stays until that one counts as run. */
  readonly isHeld: boolean;
  /** Windows that end after this, ms, are published as closing after the note was read: they see what it stands for. */
  readonly closing: number;
}

/** Windows over all notes that are held in mind; notes beyond are for another flush. */
const MOST_ENDS = 200_000;

/**
 * The windows of a rule that had run when late events came to one of their panes; in a replay, every window over a pane with events. How far
 * they have come is written to the notes, so that another flush goes on there.
 */
export class Corrections {
  private works: Work[];
  private readonly byEnd = new Map<number, Work[]>();
  private readonly isCut: boolean;
  private left: number;
  /** Windows that another run got before, or that failed for no fault of theirs: they are tried by another flush. */
  private readonly lost = new Set<number>();
  private correctedTo: number;

  constructor(
    private readonly tick: Tick,
    private readonly rule: EngineRule,
    private readonly cursor: RuleCursor | undefined,
    notes: readonly LatePane[],
  ) {
    this.left = tick.options.maxWindowsPerFlush;
    const bounds: Bounds = cursor ?? EVERY_WINDOW;
    this.correctedTo = bounds.correctedTo ?? 0;
    this.works = worksOf(rule, bounds, notes);
    this.isCut = this.works.length < notes.length;
    for (const work of this.works)
      for (const end of work.ends) this.byEnd.set(end, [...(this.byEnd.get(end) ?? []), work]);
  }

  /** No note is left, and none is held. */
  get isDone(): boolean {
    return this.works.length === 0 && !this.isCut;
  }

  /** End of the window that was corrected last, ms: others come first, the next time. */
  get position(): number {
    return this.correctedTo;
  }

  /** Whether this flush can do more. */
  get hasMore(): boolean {
    return this.left > 0 && this.open().length > 0;
  }

  /** Whether anything is left that a flush can do. */
  get isUnfinished(): boolean {
    return this.isCut || this.open().length > 0;
  }

  /** The window that is corrected next, ms. */
  get next(): number | undefined {
    return this.ordered()[0];
  }

  /** The window that is next is given up. */
  skip(end: number): void {
    this.left--;
    this.settle(end);
  }

  /** Runs windows until it is over. Returns whether all that were begun came to their end. Throws StoreUnavailable. */
  async run(isOver: () => boolean): Promise<boolean> {
    const { tick, rule, cursor } = this;
    const ends = this.ordered();
    // From where the last flush stopped, and from the oldest on again: a pane that gets late events all the time must not keep the windows
    // behind it from their turn.
    const from = ends.findIndex((end, i) => i > 0 && end < ends[i - 1]!);
    const inOrder = from < 0 ? ends : ends.slice(0, from);
    let allEnded = true;
    if (inOrder.length > 0) {
      const batch = await WindowBatch.open(tick, rule, inOrder);
      try {
        for (const end of inOrder) {
          const countedSince = (cursor ?? EVERY_WINDOW).countedSince;
          const attempted = await batch.run({ end, countedSince, isBehind: false, again: true });
          tick.counts.corrections++;
          this.left--;
          if (attempted === 'done') this.settle(end);
          else this.lost.add(end);
          if (attempted === 'slow') allEnded = false;
          if (attempted === 'slow' || attempted === 'not-now' || isOver()) break;
        }
      } finally {
        await batch.close();
      }
    }
    await this.write();
    return allEnded;
  }

  private settle(end: number): void {
    this.correctedTo = end;
    for (const work of this.byEnd.get(end) ?? []) work.done.add(end);
  }

  /** Ends of windows that are left, from the oldest to the newest, ms. */
  private open(): number[] {
    const isOpen = ([end, works]: [number, Work[]]): boolean =>
      !this.lost.has(end) && works.some(({ done }) => !done.has(end));
    return [...this.byEnd]
      .filter(isOpen)
      .map(([end]) => end)
      .sort((a, b) => a - b);
  }

  private ordered(): number[] {
    const ends = this.open();
    const from = ends.findIndex((end) => end > this.correctedTo);
    return (from <= 0 ? ends : [...ends.slice(from), ...ends.slice(0, from)]).slice(0, Math.max(0, this.left));
  }

  /** Deletes the notes whose windows have all run, and writes to the others which have. */
  private async write(): Promise<void> {
    const { options } = this.tick;
    const { control } = options.tables;
    const { lineage } = this.rule;
    const isReady = ({ ends, done, isHeld }: Work): boolean => !isHeld && ends.every((end) => done.has(end));
    const ready = this.works.filter(isReady);
    await clearLatePanes(
      options.store,
      control,
      lineage,
      ready.map(({ note }) => note),
    );
    this.works = this.works.filter((work) => !ready.includes(work));
    const notes = this.works.map((work) => ({ ...work.note, done: stretchesOf(work) }));
    const changed = notes.filter(({ done }, i) => JSON.stringify(done) !== JSON.stringify(this.works[i]!.note.done));
    const written = await noteDone(options.store, control, lineage, changed);
    const byPane = new Map(written.map((note) => [note.paneStart, note]));
    for (const work of this.works) work.note = byPane.get(work.note.paneStart) ?? work.note;
  }
}

function worksOf(rule: EngineRule, bounds: Bounds, notes: readonly LatePane[]): Work[] {
  const { frequencyMs, periodMs } = rule.plan.schedule;
  const { lastRunEnd, closingEnd, windowsKeptFrom } = bounds;
  const works: Work[] = [];
  let total = 0;
  for (const note of notes) {
    const from = Math.max(note.paneStart + rule.plan.stream.paneMs, windowsKeptFrom);
    const first = Math.ceil(from / frequencyMs) * frequencyMs;
    const to = note.paneStart + periodMs;
    const closing = Math.min(to, closingEnd);
    const ends: number[] = [];
    for (let end = first; end <= Math.min(to, lastRunEnd); end += frequencyMs) if (owns(bounds, end)) ends.push(end);
    total += ends.length;
    if (works.length > 0 && total > MOST_ENDS) break;
    const done = new Set(ends.filter((end) => note.done.some(([begin, last]) => end >= begin && end <= last)));
    works.push({ note, ends, done, isHeld: closing > lastRunEnd && first <= closing, closing: closingEnd });
  }
  return works;
}

/** A note that says so of windows to come is about those that were published as closing after it was read. */
const FOR_GOOD = Date.UTC(9000, 0, 1);

/** Windows of a note that are done, or will be, as stretches of windows that follow one another: ends of the first and the last, ms. */
function stretchesOf({ ends, done, note, closing }: Work): [number, number][] {
  if (done.size === 0) return note.done.map(([from, to]) => [from, to]);
  const stretches: [number, number][] = [];
  let isOpen = false;
  for (const end of ends) {
    if (!done.has(end)) isOpen = false;
    else if (isOpen) stretches.at(-1)![1] = end;
    else {
      stretches.push([end, end]);
      isOpen = true;
    }
  }
  const known = note.done.find(([, to]) => to === FOR_GOOD)?.[0];
  if (known !== undefined || Number.isFinite(closing)) stretches.push([known ?? closing + 1, FOR_GOOD]);
  return stretches;
}
