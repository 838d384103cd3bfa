import type { TokenCredential } from '@azure/identity';
import type { OperatorConfig } from '../config';
import type { LogEvent } from '../engine';
import { type ListAge, listAges } from './list-ages';
import { listStore, plansAsDeployed } from './open-plans';

/** The lists that an app's rules use, with their ages at `now` (ms). Throws StoreError, and Error where there are no plans. */
export async function referenceAges(
  config: OperatorConfig,
  credential: TokenCredential | undefined,
  log: (event: LogEvent) => void,
  now: number,
): Promise<ListAge[]> {
  const { plans } = await plansAsDeployed(config, credential, log).current();
  const catalogue = await listStore(config, credential).catalogue();
  return listAges(plans, catalogue?.lists ?? {}, now);
}
