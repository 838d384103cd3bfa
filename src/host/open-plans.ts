import { readFileSync } from 'node:fs';
import type { TokenCredential } from '@azure/identity';
import type { OperatorConfig } from '../config';
import type { EngineOptions, LogEvent } from '../engine';
import { parsePlans, type RulePlan } from '../rules/rule-plan';
import { Blobs } from './blobs';
import { DeployedPlans } from './deployed-plans';
import { PlanVersions, plansContainer } from './plan-versions';

export interface OpenedPlans {
  readonly options: Pick<EngineOptions, 'plans' | 'deployedPlans'>;
  /** Absent where the plan file is all there is. */
  readonly deployed?: DeployedPlans;
}

/** The plans that an app runs, as its settings say. Throws Error where there are none that this engine can run, StoreError. */
export async function openPlans(
  config: Pick<OperatorConfig, 'plans' | 'hasDeployedPlans' | 'storage' | 'tablePrefix'>,
  credential: TokenCredential | undefined,
  log: (event: LogEvent) => void,
): Promise<OpenedPlans> {
  const bundled = (): readonly RulePlan[] => readPlanFile(config.plans);
  if (!config.hasDeployedPlans) return { options: { plans: bundled() } };
  const deployed = new DeployedPlans(planVersions(config, credential), bundled, log);
  const { plans } = await deployed.current();
  return { options: { plans, deployedPlans: () => deployed.current() }, deployed };
}

/** The versions of an app's plans in blob storage. */
export const planVersions = (
  { storage, tablePrefix }: Pick<OperatorConfig, 'storage' | 'tablePrefix'>,
  credential: TokenCredential | undefined,
): PlanVersions => new PlanVersions(new Blobs({ storage, credential }, plansContainer(tablePrefix)));

function readPlanFile(path: string): readonly RulePlan[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`OUTRIDER_PLANS: ${path} cannot be read (${(error as Error).message}): run 'outrider build'`);
  }
  return parsePlans(text).rules;
}
