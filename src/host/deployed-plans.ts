import type { LogEvent, PlanSet } from '../engine';
import type { RulePlan } from '../plan/rule-plan';
import { StoreError } from '../state/errors';
import type { PlanCatalogue, PlanVersion, PlanVersions } from './plan-versions';

/** A version that this engine cannot run. */
export interface RefusedVersion {
  readonly version: string;
  readonly reason: string;
}

export interface DeployedPlansStatus {
  /** The version that runs; `bundled`: the plan file of the app. */
  readonly version: string;
  /** The version in force, where another one runs because it was refused. */
  readonly refused?: RefusedVersion;
}

/** The version name of the plan file that is part of the app. */
export const BUNDLED = 'bundled';

/**
 * The plans that an app runs: the version in force in blob storage, if this engine can run it, else the newest before it that it can, and
 * the app's own plan file where there is none. A process that starts now thus runs the same plans as one that has been running.
 */
export class DeployedPlans {
  private catalogue: PlanCatalogue | undefined;
  private set: PlanSet | undefined;
  private refused: RefusedVersion | undefined;
  private readonly reasons = new Map<string, string>();

  /** `bundled` is called where no version can be run; it may throw. */
  constructor(
    private readonly versions: PlanVersions,
    private readonly bundled: () => readonly RulePlan[],
    private readonly log: (event: LogEvent) => void,
  ) {}

  get status(): DeployedPlansStatus | undefined {
    return this.set && { version: this.set.version, ...(this.refused ? { refused: this.refused } : {}) };
  }

  /** Asks for the version in force. Throws StoreError where it cannot be asked for. */
  async current(): Promise<PlanSet> {
    const catalogue = await this.versions.catalogue(this.catalogue);
    if (this.set && catalogue === this.catalogue) return this.set;
    const found = await this.newest(catalogue);
    const refused = catalogue && this.reasons.get(catalogue.current);
    this.refused = refused === undefined ? undefined : { version: catalogue!.current, reason: refused };
    if (found.version !== this.set?.version)
      this.log({ level: 'info', message: 'plans taken', version: found.version, rules: found.plans.length });
    this.set = found;
    this.catalogue = catalogue;
    return found;
  }

  private async newest(catalogue: PlanCatalogue | undefined): Promise<PlanSet> {
    const from = catalogue?.versions.findIndex((version) => version.id === catalogue.current) ?? 0;
    for (const version of catalogue?.versions.slice(Math.max(0, from)) ?? []) {
      if (version.id === this.set?.version) return this.set;
      const plans = await this.read(version);
      if (plans) return { version: version.id, plans };
    }
    return this.set?.version === BUNDLED ? this.set : { version: BUNDLED, plans: this.bundled() };
  }

  private async read(version: PlanVersion): Promise<readonly RulePlan[] | undefined> {
    if (this.reasons.has(version.id)) return undefined;
    try {
      return (await this.versions.plans(version)).rules;
    } catch (error) {
      if (error instanceof StoreError) throw error;
      const reason = (error as Error).message;
      this.reasons.set(version.id, reason);
      this.log({ level: 'error', message: 'plans refused', version: version.id, reason });
      return undefined;
    }
  }
}
