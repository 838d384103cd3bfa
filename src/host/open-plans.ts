import { readFileSync } from 'node:fs';
import type { TokenCredential } from '@azure/identity';
import type { OperatorConfig } from '../config';
import type { EngineOptions, LogEvent, PlanSet } from '../engine';
import { parsePlans, type RulePlan } from '../plan/rule-plan';
import { Blobs } from './blobs';
import { BUNDLED, DeployedPlans } from './deployed-plans';
import { ListStore, listsContainer } from './list-store';
import { PlanVersions, plansContainer } from './plan-versions';
import { RefreshedLists } from './refreshed-lists';

type PlansConfig = Pick<
  OperatorConfig,
  'plans' | 'hasDeployedPlans' | 'isOwnPlanFile' | 'storage' | 'tablePrefix' | 'listsEveryMs' | 'mode'
>;

export interface OpenedPlans {
  readonly options: Pick<EngineOptions, 'plans' | 'arePlansChecked' | 'deployedPlans'>;
  /** Absent where the plan file is all there is. */
  readonly deployed?: DeployedPlans;
}

/** The plans that an app runs, as its settings say. Throws Error where there are none that this engine can run, StoreError. */
export async function openPlans(
  config: PlansConfig,
  credential: TokenCredential | undefined,
  log: (event: LogEvent) => void,
): Promise<OpenedPlans> {
  const { deployed, current } = plansAsDeployed(config, credential, log);
  const { plans } = await current();
  if (!deployed && !refreshes(config, plans)) {
    // The app's own plan file was built with it, and each plan prepared then.
    return { options: { plans, arePlansChecked: config.isOwnPlanFile } };
  }
  const lists = new RefreshedLists(listStore(config, credential), log);
  const now = async (): Promise<PlanSet> => {
    const set = await current();
    return refreshes(config, set.plans) ? lists.into(set) : set;
  };
  return { options: { plans: (await now()).plans, deployedPlans: now }, ...(deployed ? { deployed } : {}) };
}

/** The plans of an app as they were built, before lists that were fetched later. */
export function plansAsDeployed(
  config: PlansConfig,
  credential: TokenCredential | undefined,
  log: (event: LogEvent) => void,
): { readonly deployed?: DeployedPlans; current(): Promise<PlanSet> } {
  const bundled = (): readonly RulePlan[] => readPlanFile(config.plans);
  if (config.hasDeployedPlans) {
    const deployed = new DeployedPlans(planVersions(config, credential), bundled, log);
    return { deployed, current: () => deployed.current() };
  }
  let set: PlanSet | undefined;
  return {
    async current() {
      set ??= { version: BUNDLED, plans: bundled() };
      return set;
    },
  };
}

/** Whether lists of plans may be other ones than those that they were built with. */
const refreshes = ({ listsEveryMs, mode }: PlansConfig, plans: readonly RulePlan[]): boolean =>
  listsEveryMs > 0 &&
  mode === 'live' &&
  plans.some(({ references = [] }) => references.some(({ url, isLocal }) => url !== undefined && !isLocal));

/** The versions of an app's plans in blob storage. */
export const planVersions = (
  { storage, tablePrefix }: Pick<OperatorConfig, 'storage' | 'tablePrefix'>,
  credential: TokenCredential | undefined,
): PlanVersions => new PlanVersions(new Blobs({ storage, credential }, plansContainer(tablePrefix)));

/** The lists that an app fetched since its plans were built. */
export const listStore = (
  { storage, tablePrefix }: Pick<OperatorConfig, 'storage' | 'tablePrefix'>,
  credential: TokenCredential | undefined,
): ListStore => new ListStore(new Blobs({ storage, credential }, listsContainer(tablePrefix)));

function readPlanFile(path: string): readonly RulePlan[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`OUTRIDER_PLANS: ${path} cannot be read (${(error as Error).message}): run 'outrider build'`);
  }
  return parsePlans(text).rules;
}
