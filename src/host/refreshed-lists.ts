import { createHash } from 'node:crypto';
import type { LogEvent, PlanSet } from '../engine';
import { prepareRules } from '../engine/rules';
import { type ListRows, withLists } from '../plan/plan-lists';
import type { RulePlan } from '../plan/rule-plan';
import { StoreError, StoreUnavailable } from '../state/errors';
import type { ListCatalogue, ListStore, StoredList } from './list-store';

/** Puts the rows of lists that were fetched since into the plans that hold them. */
export class RefreshedLists {
  private catalogue: ListCatalogue | undefined;
  private before: { given: PlanSet; catalogue: ListCatalogue | undefined; made: PlanSet } | undefined;
  /** Rows that are in use, so that they are not read again when another list changes. */
  private rows = new Map<string, ListRows['rows']>();

  constructor(
    private readonly store: ListStore,
    private readonly log: (event: LogEvent) => void,
  ) {}

  /** What was fetched, as it was read last. */
  get lists(): ListCatalogue['lists'] {
    return this.catalogue?.lists ?? {};
  }

  /**
   * The plans with the lists as they are now. The version is that of the plans, until a list of theirs has been fetched with other rows. Throws
   * StoreUnavailable: going back to older rows for a moment would change rules twice. After any other failure the plans stay as they last
   * were, or as they were built.
   */
  async into(given: PlanSet): Promise<PlanSet> {
    try {
      return await this.latest(given);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      this.log({ level: 'error', message: 'lists cannot be read', reason: (error as Error).message });
      return this.before?.given === given ? this.before.made : given;
    }
  }

  private async latest(given: PlanSet): Promise<PlanSet> {
    this.catalogue = await this.store.catalogue(this.catalogue);
    const { before, catalogue } = this;
    if (before && before.given === given && before.catalogue === catalogue) return before.made;
    const made = await this.replaced(given);
    this.before = { given, catalogue, made };
    return made;
  }

  private async replaced(given: PlanSet): Promise<PlanSet> {
    const lists = new Map<string, ListRows>();
    const rows = new Map<string, ListRows['rows']>();
    for (const [id, stored] of this.newer(given.plans)) {
      const read = await this.read(id, stored);
      if (!read) continue;
      lists.set(id, { rows: read, files: stored.files });
      rows.set(stored.sha256, read);
    }
    this.rows = rows;
    const plans = given.plans.map((plan) => withLists(plan, lists));
    const hashes = plans.map(({ hash }) => hash);
    if (hashes.every((hash, i) => hash === given.plans[i]!.hash)) return { ...given, plans };
    try {
      prepareRules(plans);
    } catch (error) {
      this.log({ level: 'error', message: 'lists refused', reason: (error as Error).message });
      return given;
    }
    const content = createHash('sha256').update(hashes.join()).digest('hex').slice(0, 12);
    return { version: `${given.version}+${content}`, plans };
  }

  /** Lists that plans hold and that were fetched after those were built. */
  private newer(plans: readonly RulePlan[]): Map<string, StoredList> {
    const found = new Map<string, StoredList>();
    const { lists } = this;
    for (const { id, fetchedAt, isLocal } of plans.flatMap(({ references = [] }) => references)) {
      const stored = Object.hasOwn(lists, id) ? lists[id] : undefined;
      if (stored && !isLocal && Date.parse(stored.checkedAt) > Date.parse(fetchedAt)) found.set(id, stored);
    }
    return found;
  }

  private async read(id: string, stored: StoredList): Promise<ListRows['rows'] | undefined> {
    const known = this.rows.get(stored.sha256);
    if (known) return known;
    try {
      return await this.store.rows(id, stored);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      this.log({ level: 'error', message: 'list refused', list: id, reason: (error as Error).message });
      return undefined;
    }
  }
}
