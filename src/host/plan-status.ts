import type { EntityStore } from '../state/store';
import type { DeployedPlansStatus } from './deployed-plans';

const PARTITION = 'plans';
const ROW = 'status';
/** How often an unchanged status is written again, ms: it shows that a flush is still running. */
const EVERY_MS = 600_000;

/** What the app last said of the plans that it runs. Times in ms. */
export interface PlanStatus extends DeployedPlansStatus {
  /** When it was last written, at least every ten minutes while a flush runs. */
  readonly at: number;
}

/** Writes which plans the flush runs, for health checks and the command. */
export class PlanStatusWriter {
  private written = '';
  private at = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: EntityStore,
    private readonly table: string,
  ) {}

  async write(status: DeployedPlansStatus | undefined, now: number): Promise<void> {
    const text = JSON.stringify(status);
    if (status === undefined || (text === this.written && now - this.at < EVERY_MS)) return;
    const { version, refused } = status;
    const properties = { version, at: now, ...(refused && { refused: refused.version, reason: refused.reason }) };
    await this.store.transact(this.table, PARTITION, [{ kind: 'upsert', rowKey: ROW, properties }]);
    this.written = text;
    this.at = now;
  }
}

/** undefined: no app with this storage ever took plans from blob storage. */
export async function readPlanStatus(store: EntityStore, table: string): Promise<PlanStatus | undefined> {
  const entity = await store.get(table, PARTITION, ROW);
  if (!entity) return undefined;
  const { version, at, refused, reason } = entity.properties;
  return {
    version: String(version),
    at: Number(at),
    ...(refused === undefined ? {} : { refused: { version: String(refused), reason: String(reason) } }),
  };
}
