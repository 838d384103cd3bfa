import { Command } from 'commander';
import { printable } from '../../src/alerts/print';
import { countOpenGroups } from '../../src/engine/open-groups';
import { openCredential } from '../../src/host/credential';
import { checkHealth, type HealthSource } from '../../src/host/health';
import { HubInfo } from '../../src/host/hub';
import { openPlans } from '../../src/host/open-plans';
import { openStorage } from '../../src/host/operator';
import { foundProblems, note, print, printJson } from '../io/output';
import { operatorConfig } from '../io/settings';
import { textTable } from '../io/text-table';

interface Flags {
  readonly settings?: string;
  readonly plans?: string;
  readonly json?: boolean;
}

/** State partitions looked at to count what is held. */
const MOST_PARTITIONS = 2_000;
/** Rules shown. */
const SHOWN = 10;

async function status(flags: Flags): Promise<void> {
  const given = operatorConfig(flags.settings);
  const config =
    flags.plans === undefined ? given : { ...given, plans: flags.plans, hasDeployedPlans: false, isOwnPlanFile: false };
  const app = openStorage(config);
  const plans = app.then(async ({ credential }) => {
    const { options } = await openPlans(config, credential, () => undefined);
    return options.plans;
  });
  const { events } = config;
  const source: HealthSource = {
    config,
    storage: () => app,
    plans: () => plans,
    ...(events === undefined
      ? {}
      : {
          hubEnds: async () => {
            const credential = events.connectionString === undefined ? await openCredential(config) : undefined;
            const hub = new HubInfo({ ...events, credential });
            try {
              return await hub.ends();
            } finally {
              await hub.close();
            }
          },
        }),
  };
  const now = Date.now();
  const { engine, ...health } = await checkHealth(source, now);
  const held = engine && (await countOpenGroups(await app, await plans.catch(() => []), now, MOST_PARTITIONS));
  if (flags.json) {
    const rules = engine?.rules.map((rule) => ({ ...rule, last: new Date(rule.last).toISOString() }));
    const tables =
      engine && Object.fromEntries([...engine.tables].map(([table, at]) => [table, new Date(at).toISOString()]));
    printJson({
      ...health,
      ...(engine ? { held, rules, pending: engine.pending, hub: engine.hub, tables } : {}),
    });
  } else {
    print(
      textTable(
        ['check', 'status', 'detail'],
        health.checks.map(({ name, status: s, detail }) => [name, s, detail]),
        120,
      ),
    );
    if (held)
      print(`\nHeld for windows to come: ${held.groups} groups, ${held.rows} rows${held.more ? ', and more' : ''}`);
    const behind = engine?.rules.filter(({ overdueMs }) => overdueMs > 0).slice(0, SHOWN) ?? [];
    if (behind.length > 0)
      print(
        `\n${textTable(
          ['rule', 'last window', 'overdue'],
          behind.map(({ ruleId, last, overdueMs }) => [
            ruleId,
            new Date(last).toISOString(),
            `${Math.round(overdueMs / 1000)} s`,
          ]),
        )}`,
      );
    for (const [table, at] of engine?.tables ?? [])
      print(`${printable(table)} was last seen at ${new Date(at).toISOString()}`);
    if (events === undefined) note('The hub was not asked: EventHubConnection and EVENT_HUB_NAME are not set.');
  }
  if (health.status !== 'ok') foundProblems();
}

export const statusVerb = (): Command =>
  new Command('status')
    .description('How a deployed app does: flush, partitions, deliveries. Exit code 1 where it is not well.')
    .option('--settings <FILE>', 'take settings from a local.settings.json instead of the environment')
    .option('--plans <FILE>', 'the plan file (default: the setting OUTRIDER_PLANS, or dist/plans.json)')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
The same is answered by the app at GET /api/health, with 503 where it is down.

Examples:
  outrider status
  outrider status --settings local.settings.json --json`,
    )
    .action(status);
