import { Command } from 'commander';
import { printable } from '../../src/alerts/print';
import type { OperatorConfig } from '../../src/config';
import { DEFAULTS } from '../../src/engine';
import { SPREAD_MS } from '../../src/engine/activation';
import { type ListAge, listAges } from '../../src/host/list-ages';
import type { ListStore } from '../../src/host/list-store';
import { listStore, planVersions } from '../../src/host/open-plans';
import { openStorage } from '../../src/host/operator';
import { type PlanStatus, readPlanStatus } from '../../src/host/plan-status';
import type { PlanCatalogue, PlanVersion, PlanVersions } from '../../src/host/plan-versions';
import { formatDuration } from '../../src/plan/duration';
import { planFileOf, type RulePlan } from '../../src/plan/rule-plan';
import { formatProblem, hasErrors } from '../../src/rules/problem';
import { StoreError, StoreRejected } from '../../src/state/errors';
import { foundProblems, note, print, printJson, UsageError } from '../io/output';
import { operatorConfig } from '../io/settings';
import { planChanges, type RuleChange } from '../offline/plan-changes';
import { openWorkspace, type WorkspaceFlags, workspaceOptions } from '../offline/workspace';

interface Flags extends WorkspaceFlags {
  readonly settings?: string;
  readonly rollback?: string | true;
  readonly list?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

interface Target {
  readonly versions: PlanVersions;
  readonly lists: ListStore;
  /** What the app said last. */
  status(): Promise<PlanStatus | undefined>;
}

async function open(config: OperatorConfig): Promise<Target> {
  const { store, tables, credential } = await openStorage(config);
  const versions = planVersions(config, credential);
  return {
    versions,
    lists: listStore(config, credential),
    status: () => ifAllowed('what the app runs', () => readPlanStatus(store, tables.control)),
  };
}

/** Who may deploy plans need not be allowed to read what else the app keeps. */
async function ifAllowed<T>(what: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof StoreRejected && (error.status === 401 || error.status === 403))) throw error;
    note(`${what} may not be read by this identity`);
    return undefined;
  }
}

async function deployRules(paths: string[], flags: Flags): Promise<void> {
  if (flags.list && flags.rollback !== undefined) throw new UsageError('--list and --rollback are two things');
  if ((flags.list || flags.rollback !== undefined) && paths.length > 0)
    throw new UsageError('with --list and --rollback no rules are named');
  const target = await open(operatorConfig(flags.settings));
  if (flags.list) return list(target, flags);
  if (flags.rollback !== undefined) return rollBack(target, flags);
  return deploy(target, paths, flags);
}

async function deploy(target: Target, paths: string[], flags: Flags): Promise<void> {
  const workspace = await openWorkspace(paths, flags);
  for (const problem of workspace.problems) note(formatProblem(problem));
  if (hasErrors(workspace.problems)) {
    note('Nothing was deployed: a rule that does not compile never runs half.');
    return foundProblems();
  }
  const plans = workspace.rules.flatMap((rule): RulePlan[] => (rule.plan ? [rule.plan] : []));
  if (plans.length === 0) throw new UsageError('there is no rule to deploy');
  const catalogue = await target.versions.catalogue();
  const before = await plansInForce(target.versions, catalogue);
  const changes = planChanges(before ?? [], plans);
  const isSame = before !== undefined && changes.every(({ change }) => change === 'unchanged');
  const version =
    isSame || flags.dryRun ? undefined : await target.versions.deploy(JSON.stringify(planFileOf(plans)), Date.now());
  report({ changes, version, dryRun: flags.dryRun === true, current: catalogue?.current }, flags);
  if (isSame) note(`Nothing to deploy: version ${catalogue!.current} has these plans.`);
  else if (flags.dryRun) note('Nothing was deployed (--dry-run).');
  else await noteTaken(target, version!);
}

async function rollBack(target: Target, flags: Flags): Promise<void> {
  const { versions } = target;
  const catalogue = await versions.catalogue();
  const id = flags.rollback === true ? undefined : flags.rollback;
  const before = await plansInForce(versions, catalogue);
  const version = await versions.rollBack(id, flags.dryRun);
  const changes = planChanges(before ?? [], (await versions.plans(version)).rules);
  report({ changes, version, dryRun: flags.dryRun === true, current: catalogue?.current }, flags);
  if (flags.dryRun) note('Nothing was changed (--dry-run).');
  else await noteTaken(target, version);
}

/** The plans that are deployed; undefined where there are none, or none that this version of Outrider can read. */
async function plansInForce(versions: PlanVersions, catalogue: PlanCatalogue | undefined) {
  const version = catalogue?.versions.find(({ id }) => id === catalogue.current);
  if (!version) return undefined;
  try {
    return (await versions.plans(version)).rules;
  } catch (error) {
    if (error instanceof StoreError) throw error;
    note(`version ${version.id}, which is in force, cannot be run: ${(error as Error).message}`);
    return undefined;
  }
}

interface Report {
  readonly changes: readonly RuleChange[];
  readonly version: PlanVersion | undefined;
  readonly dryRun: boolean;
  readonly current: string | undefined;
}

const WORDS = {
  new: 'new',
  unchanged: 'unchanged',
  changed: 'changed, keeps its state and takes over at once',
  removed: 'removed, ends with the window that is open',
};

function report({ changes, version, dryRun, current }: Report, flags: Flags): void {
  if (flags.json) {
    const rules = changes.map(({ periodMs: _, ...change }) => change);
    printJson({ version: version?.id, before: current, deployedAt: version?.deployedAt, dryRun, rules });
    return;
  }
  for (const { name, change, periodMs } of changes) {
    const words =
      change === 'restarted'
        ? `changed, keeps other state: takes over in ${formatDuration(SPREAD_MS + DEFAULTS.maxAheadMs + periodMs)}, until then the plan before judges`
        : WORDS[change];
    print(`${printable(name, 80)}: ${words}`);
  }
}

async function noteTaken(target: Target, { id, rules }: PlanVersion): Promise<void> {
  note(`Version ${id} is in force, with ${rules} rule(s); the app takes it within minutes (see --list).`);
  if ((await target.status()) === undefined)
    note("No app is known to have taken plans from here so far: it does with the setting OUTRIDER_PLANS='blob:'.");
}

async function list(target: Target, flags: Flags): Promise<void> {
  const catalogue = await target.versions.catalogue();
  const status = await target.status();
  const ages = await agesOf(target, catalogue);
  if (flags.json) {
    const app = status && { ...status, at: new Date(status.at).toISOString() };
    printJson({ current: catalogue?.current, versions: catalogue?.versions ?? [], app, lists: ages });
  } else {
    if (!catalogue) note('No rules were deployed here.');
    for (const { id, deployedAt, rules } of catalogue?.versions ?? []) {
      const marks = [id === catalogue?.current ? 'in force' : '', id === status?.version ? 'running' : ''];
      print(`${id}  ${deployedAt}  ${rules} rule(s)  ${marks.filter((mark) => mark !== '').join(', ')}`.trimEnd());
    }
    for (const age of ages) note(ageText(age));
    if (status) note(`The app runs ${status.version}, as it said at ${new Date(status.at).toISOString()}.`);
  }
  if (status?.refused === undefined || status.refused.version !== catalogue?.current) return;
  note(`The app refused ${status.refused.version}: ${printable(status.refused.reason, 500)}`);
  foundProblems();
}

/** Of the lists that the plans in force use. */
async function agesOf({ versions, lists }: Target, catalogue: PlanCatalogue | undefined): Promise<ListAge[]> {
  const plans = (await plansInForce(versions, catalogue)) ?? [];
  const fetched = await ifAllowed('lists that were fetched since', () => lists.catalogue());
  return listAges(plans, fetched?.lists ?? {}, Date.now());
}

function ageText({ name, kind, rows, fetchedAt, ageMs }: ListAge): string {
  const seen = kind === 'external' ? `, seen ${Math.floor(ageMs / 3_600_000)} h ago` : '';
  return `List ${printable(name, 200)}: ${rows} row(s) of ${fetchedAt}${seen}`;
}

export const deployRulesVerb = (): Command =>
  workspaceOptions(new Command('deploy-rules'))
    .description(
      "Checks rules and puts their plans into the blob storage of an app, which takes them within minutes; no deployment of the app is needed. It must have OUTRIDER_PLANS='blob:'.",
    )
    .argument('[RULE...]', 'rule files and folders (default: rules/): all rules that are to run')
    .option('--settings <FILE>', 'a local.settings.json with the settings of the app (default: the environment)')
    .option('--rollback [VERSION]', 'put the version before the current one in force again, or the one that is named')
    .option('--list', 'show what was deployed, what is in force, and what the app says that it runs')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
Storage is that of the app: OUTRIDER_STORAGE (a connection string), or OUTRIDER_STORAGE__tableServiceUri and
OUTRIDER_STORAGE__blobServiceUri with your own identity (az login), and OUTRIDER_TABLE_PREFIX.

Examples:
  outrider deploy-rules --dry-run
  outrider deploy-rules rules/ --settings local.settings.json
  outrider deploy-rules --list
  outrider deploy-rules --rollback`,
    )
    .action(deployRules);
