import type { AlertJson } from '../../src/alerts/sinks/sink';
import { type RuleCursor, toCursor } from '../../src/engine/rule-cursor';
import { formatDatetime, ticksFromMs } from '../../src/kql';
import { joinValue } from '../../src/state/chunks';
import type { MemoryStore } from '../../src/state/memory';
import { count } from './world';

export const TABLES = { state: 'state', alerts: 'alerts', control: 'control' };
export const SINKS = ['one', 'two'];
export const iso = (ms: number): string => formatDatetime(ticksFromMs(ms));

/** Watches what becomes ready in the outbox, and what the sinks receive. */
export class RecordedOutbox {
  /** By sink and alert id: the highest revision. */
  readonly received = new Map(SINKS.map((name) => [name, new Map<string, AlertJson>()]));
  /** By rule and window: hashes of the plans that judged it. */
  readonly judges = new Map<string, Set<string>>();
  /** Every cursor as it was last written, also those that were forgotten since, with all the gaps that it ever had; by rule and lineage. */
  readonly cursors = new Map<string, RuleCursor>();
  private readonly everReady = new Set<string>();

  constructor(
    private readonly store: MemoryStore,
    private readonly problems: string[],
    private readonly happened: Map<string, number>,
  ) {
    store.hooks.after = (call) => {
      if (call.kind !== 'transact') return;
      if (call.table === TABLES.control && call.operations[0]!.rowKey.startsWith('cursor.')) {
        const { partitionKey, operations } = call;
        for (const operation of operations)
          if (operation.kind !== 'delete' && operation.rowKey.startsWith('cursor.'))
            this.remember(`${partitionKey} ${operation.rowKey}`, toCursor({ ...operation, partitionKey, etag: '' }));
      }
      if (call.table !== TABLES.alerts) return;
      for (const operation of call.operations) {
        if (operation.kind === 'delete' || operation.properties.phase !== 'ready') continue;
        const { rule, end, plan } = operation.properties;
        const key = `${rule} ${end}`;
        this.judges.set(key, (this.judges.get(key) ?? new Set<string>()).add(String(plan)));
        const manifest = JSON.parse(String(joinValue(operation.rowKey, operation.properties, []))) as [
          string,
          number,
        ][];
        for (const [id, revision] of manifest) this.everReady.add(`${id}#${revision}`);
      }
    };
  }

  /** The engine forgets gaps that lie before what it still looks at. */
  private remember(key: string, cursor: RuleCursor): void {
    const known = this.cursors.get(key)?.notOwned ?? [];
    const fresh = cursor.notOwned.filter(([from]) => !known.some((gap) => gap[0] === from));
    this.cursors.set(key, { ...cursor, notOwned: [...known, ...fresh] });
  }

  receive(sink: string, alert: AlertJson): void {
    if (!this.everReady.has(`${alert.SystemAlertId}#${alert.Revision}`))
      this.problems.push(`sent before ready: ${alert.SystemAlertId} revision ${alert.Revision}`);
    const all = this.received.get(sink)!;
    const known = all.get(alert.SystemAlertId);
    if (!known || known.Revision <= alert.Revision) all.set(alert.SystemAlertId, alert);
    count(this.happened, alert.Revision > 1 ? 'revision sent' : 'alert sent');
  }

  /** Whether anything waits for a sink or for a window to be run again. */
  hasWork(): boolean {
    return (
      this.store.dump(TABLES.alerts).some(({ partitionKey }) => partitionKey.startsWith('pending')) ||
      this.store.dump(TABLES.control).some(({ partitionKey }) => partitionKey.startsWith('late.'))
    );
  }
}
