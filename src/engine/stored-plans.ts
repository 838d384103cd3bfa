import { PLAN_FORMAT, type RulePlan } from '../plan/rule-plan';
import { readValue, splitValue, writeChunks } from '../state/chunks';
import { deleteRange } from '../state/expire';
import { type EntityStore, partitionRange } from '../state/store';

/** Plans are stored apart from the deployment: the last windows of a replaced plan are run by an app that no longer has it in its files. */
const ROW = 'plan';
const partition = (lineage: string): string => `plan.${lineage}`;

export async function writePlan(store: EntityStore, table: string, lineage: string, plan: RulePlan): Promise<void> {
  const { head, chunks } = splitValue(ROW, JSON.stringify({ format: PLAN_FORMAT, plan }), plan.hash);
  await writeChunks(store, table, partition(lineage), chunks);
  await store.transact(table, partition(lineage), [
    { kind: 'upsert', rowKey: ROW, properties: { ...head, hash: plan.hash } },
  ]);
}

/** The hashes of all stored plans by lineage, without reading the plans. */
export async function storedPlanHashes(store: EntityStore, table: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  const range = {
    partitionFrom: partition(''),
    partitionTo: 'plan/',
    rowFrom: ROW,
    rowTo: `${ROW}!`,
    select: ['hash'],
  };
  for await (const page of store.query(table, range))
    for (const { partitionKey, properties } of page)
      hashes.set(partitionKey.slice(partition('').length), String(properties.hash));
  return hashes;
}

/** undefined: there is none, or it was written for another engine. */
export async function readPlan(store: EntityStore, table: string, lineage: string): Promise<RulePlan | undefined> {
  const head = await store.get(table, partition(lineage), ROW);
  const read = head && (await readValue(store, table, head));
  if (!read) return undefined;
  const { format, plan } = JSON.parse(String(read.value)) as { format: number; plan: RulePlan };
  return format === PLAN_FORMAT ? plan : undefined;
}

export async function deletePlan(store: EntityStore, table: string, lineage: string): Promise<void> {
  await deleteRange(store, table, partitionRange(partition(lineage)), 10_000);
}
