import { readAlert } from '../../../src/alerts/delivery/alert-rows';
import { pendingPartition } from '../../../src/alerts/delivery/keys';
import { type Publication, publishWindow } from '../../../src/alerts/delivery/publish';
import { lookupWindow, type Outbox } from '../../../src/alerts/delivery/windows';
import type { AlertJson, SendResult, Sink } from '../../../src/alerts/sinks/sink';
import { partitionRange } from '../../../src/state/store';

export const HOUR = 3_600_000;
export const T = Date.parse('2026-01-01T12:00:00Z');
export const key = { ruleId: '50cbf34a-4cdd-45d7-b3f5-8b53a1d0d14f', windowEnd: T };
export interface TestAlert extends AlertJson {
  readonly Text?: string;
}

export const alert = (id: string, text = ''): TestAlert =>
  asAlert({ SystemAlertId: id, Revision: 0, AlertName: 'n', Text: text });

function asAlert(fields: TestAlert & { AlertName: string }): TestAlert {
  return fields;
}

export class Collector implements Sink {
  readonly got: TestAlert[] = [];
  readonly calls: number[] = [];
  constructor(
    readonly name: string,
    public answer: (alerts: readonly AlertJson[]) => SendResult | Promise<SendResult> = () => ({ failed: [] }),
  ) {}
  async send(alerts: readonly AlertJson[]): Promise<SendResult> {
    this.calls.push(alerts.length);
    const result = await this.answer(alerts);
    const failed = new Set(result.failed.map((f) => f.index));
    this.got.push(...alerts.filter((_, i) => !failed.has(i)));
    return result;
  }
  ids(): string[] {
    return this.got.map((a) => `${a.SystemAlertId}.${a.Revision}`);
  }
}

export const textOf = async (outbox: Outbox, revision: number) =>
  ((await readAlert(outbox, key, 'a', revision)) as TestAlert | undefined)?.Text;

export const fail = (alerts: readonly AlertJson[]): SendResult => ({
  failed: alerts.map((_, index) => ({ index, reason: 'down' })),
});

export async function publish(
  outbox: Outbox,
  ids: readonly (string | AlertJson)[],
  more: Partial<Publication> = {},
  at = key,
) {
  const window = await lookupWindow(outbox, at);
  const alerts = ids.map((id) => (typeof id === 'string' ? alert(id) : id));
  return publishWindow(outbox, window, { planHash: 'plan', alerts, sinks: ['one', 'two'], now: T, ...more });
}

/** Windows with something left to deliver to a sink, due or not. */
export async function countPending({ store, table }: Outbox, sink: string): Promise<number> {
  let count = 0;
  for await (const page of store.query(table, partitionRange(pendingPartition(sink)))) count += page.length;
  return count;
}
