import type { RuleCursor } from '../engine/rule-cursor';
import type { EngineRule } from '../engine/rules';
import type { RulePlan } from '../plan/rule-plan';
import { Memo } from './memo';
import { type AlertIndex, AlertReader, readAlertIndex } from './read/alerts';
import { prepared, readOpenGroups } from './read/groups';
import { countLetters } from './read/letters';
import { readMarks } from './read/marks';
import { readPartitions, withEnds } from './read/partitions';
import { readOpenCursors } from './read/windows';
import type { BoardSource, BoardStorage } from './source';
import type { AlertsView, GroupsView, Held, LetterCounts, MarksView, PartitionView } from './types';

const SECOND = 1_000;
const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-30T00:00:00.000Z');
/** Alerts of so many days count on the pages; in a replay all of them. */
const ALERT_DAYS_MS = 30 * 86_400_000;
/** State of so long ago is in a rule's sparkline. */
const MARKS_MS = 48 * 3_600_000;

/** Reads for all who look: what was read a moment ago is not read again. */
export class BoardReader {
  private readonly alertRecords = new AlertReader();
  private readonly rules = new Memo<string, EngineRule>(600_000, 50);
  private readonly memo = {
    plans: new Memo<'', readonly RulePlan[]>(10 * SECOND),
    partitions: new Memo<'', readonly PartitionView[]>(SECOND),
    cursors: new Memo<'', Map<string, RuleCursor>>(2 * SECOND),
    marks: new Memo<string, MarksView>(5 * SECOND, 2_000),
    alerts: new Memo<'', AlertIndex>(4 * SECOND),
    letters: new Memo<'', LetterCounts & { readonly total: number }>(10 * SECOND),
    held: new Memo<'', Held & { readonly more: boolean }>(10 * SECOND),
    groups: new Memo<string, GroupsView>(2 * SECOND, 4),
  };

  constructor(private readonly source: BoardSource) {}

  storage(): Promise<BoardStorage> {
    return this.source.storage();
  }

  plans(): Promise<readonly RulePlan[]> {
    return this.memo.plans.get('', () => this.source.plans());
  }

  /** The plan of a rule. */
  async plan(ruleId: string): Promise<RulePlan | undefined> {
    return (await this.plans()).find(({ rule }) => rule.id === ruleId);
  }

  partitions(): Promise<readonly PartitionView[]> {
    return this.memo.partitions.get('', async () => {
      const { session, positions, hubEnds } = this.source;
      // Where the hub does not answer, health says so.
      const ends = await hubEnds?.().catch(() => undefined);
      if (positions) return withEnds(positions(), ends ?? []);
      // In a replay the app notes no progress.
      return session.mode === 'replay' ? [] : readPartitions(await this.storage(), ends);
    });
  }

  cursors(): Promise<Map<string, RuleCursor>> {
    return this.memo.cursors.get('', async () => readOpenCursors(await this.storage()));
  }

  marks(plan: RulePlan): Promise<MarksView> {
    const since = this.source.session.mode === 'live' ? Date.now() - MARKS_MS : undefined;
    return this.memo.marks.get(plan.rule.id, async () => readMarks(await this.storage(), plan, since));
  }

  groups(plan: RulePlan, end: number): Promise<GroupsView> {
    return this.memo.groups.get(`${plan.hash} ${end}`, async () => {
      const rule = await this.rules.get(plan.hash, async () => prepared(plan));
      return readOpenGroups(await this.storage(), rule, end);
    });
  }

  alertIndex(): Promise<AlertIndex> {
    const from = this.source.session.mode === 'live' ? Date.now() - ALERT_DAYS_MS : FIRST;
    return this.memo.alerts.get('', async () => readAlertIndex(await this.storage(), from, LAST));
  }

  async alertRows(index: AlertIndex, limit: number): Promise<AlertsView> {
    return this.alertRecords.list(await this.storage(), index, limit);
  }

  letterCounts(): Promise<LetterCounts & { readonly total: number }> {
    return this.memo.letters.get('', async () => countLetters((await this.storage()).letters));
  }

  /** After a letter was sent again. */
  forgetLetters(): void {
    this.memo.letters.clear();
    this.memo.alerts.clear();
  }

  held(
    count: (storage: BoardStorage) => Promise<Held & { readonly more: boolean }>,
  ): Promise<Held & { readonly more: boolean }> {
    return this.memo.held.get('', async () => count(await this.storage()));
  }
}
