import { decode } from '../../src/events/decode';
import { type BranchCount, RuleFunnel } from '../../src/explain/funnel/funnel';
import { parseDatetime, ticksFromMs } from '../../src/kql';
import type { WorkspaceRule } from '../../src/rules/workspace';
import { OfflineRun } from '../offline/offline';
import { type FlushCount, flushCount } from './flush-funnel';

/** What became of events in a rule, from the source to its alerts. */
export interface FunnelResult {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** Records of all tables. */
  readonly records: number;
  readonly branches: readonly BranchCount[];
  readonly flush: FlushCount;
  readonly alerts: number;
}

const BATCH = 500;

/** Runs rules over messages as `runOffline` does and counts on the way. */
export async function runFunnels(
  rules: readonly WorkspaceRule[],
  bodies: AsyncIterable<Buffer>,
  onProgress: (messages: number, records: number) => void,
  onFault: (text: string) => void,
): Promise<FunnelResult[]> {
  const active = rules.filter(({ plan }) => plan !== undefined);
  const entries = active.map((rule) => {
    const plan = { ...rule.plan!, settings: { ...rule.plan!.settings, enabled: true } };
    const run = new OfflineRun([plan], ({ level, message, ...rest }) => {
      if (level === 'error') onFault(`${message} ${JSON.stringify(rest)}`);
    });
    return { rule, plan, run, funnel: new RuleFunnel(rule) };
  });
  let batch: { body: Buffer; sequenceNumber: number; enqueuedTime: number }[] = [];
  let messages = 0;
  let count = 0;
  const evaluate = async (): Promise<void> => {
    for (const { run } of entries) await run.evaluate(batch);
    batch = [];
    onProgress(messages, count);
  };
  for await (const body of bodies) {
    const enqueuedTime = Date.now();
    batch.push({ body, sequenceNumber: messages++, enqueuedTime });
    const { records } = decode({ body });
    count += records.length;
    for (const { table, fields } of records) {
      const ingestion = parseDatetime(String(fields.TimeGenerated)) ?? ticksFromMs(enqueuedTime);
      for (const { funnel } of entries) funnel.add(table, fields, ingestion);
    }
    if (batch.length >= BATCH) await evaluate();
  }
  await evaluate();
  const results: FunnelResult[] = [];
  for (const { rule, plan, run, funnel } of entries) {
    const flush = await flushCount(plan, run, funnel.labels);
    const { alerts } = await run.finish();
    const { id, name } = plan.rule;
    results.push({
      id,
      name,
      file: rule.file.file,
      records: count,
      branches: funnel.result(),
      flush,
      alerts: alerts.length,
    });
  }
  return results;
}
