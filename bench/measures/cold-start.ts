import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startAzurite } from '../../local/azurite';
import { startEventHubsEmulatorProcess } from '../../local/event-hubs-emulator/process';
import { localSettings } from '../../local/settings';
import { type App, bareApp, bundle, deployedApp } from '../frame/app';
import type { Measure, MeasureContext, Result } from '../frame/measure';
import { runNodeWell } from '../frame/process';
import { summaryOf } from '../frame/statistics';
import { mixedRules } from '../inputs/made-rules';
import { catalogueRules, plansOf } from '../inputs/plans';
import { openStream } from '../inputs/stream';

/** As many messages as `host.json` lets a first batch be. */
const MESSAGES = 50;

interface FirstBatch {
  readonly loading: number;
  readonly loaded: number;
  readonly done: number;
  readonly cpu: number;
}

interface Setting {
  readonly host: string;
  readonly messages: string;
  readonly empty: App;
  readonly env: Readonly<Record<string, string>>;
}

/** From the start of a process to its first batch done: the deployed app against an empty function, in turns. */
export const COLD_START: Measure = {
  name: 'cold-start',
  title: 'from the start of a process to its first batch, more than an empty function',
  async run(context) {
    const empty = bareApp('empty-app');
    const azurite = await startAzurite();
    const emulator = await startEventHubsEmulatorProcess({
      hubs: { events: { partitions: 1, consumerGroups: ['outrider'] } },
      entry: join('dist', 'local', 'event-hubs-emulator', 'main.js'),
    });
    try {
      const messages = join(empty.directory, 'messages.ndjson');
      writeFileSync(
        messages,
        openStream(MESSAGES)
          .bodies.map((body) => `${body}\n`)
          .join(''),
      );
      const settings = localSettings({
        storage: azurite.connectionString,
        eventHubs: emulator.connectionString,
        hub: 'events',
        consumerGroup: 'outrider',
      });
      const env = { ...settings, OUTRIDER_MODE: 'replay' } as Record<string, string>;
      const setting = { host: bundle('first-batch', empty.directory), messages, empty, env };
      const seventeen = await catalogueRules();
      const thousand = mixedRules(context.isQuick ? 20 : 1000);
      return [
        await measured(context, setting, seventeen.texts, seventeen.name, 17, 100),
        await measured(context, setting, thousand, 'bench/inputs/made-rules.ts', 1000, 250),
      ];
    } finally {
      await Promise.allSettled([azurite.stop(), emulator.stop()]);
      empty.remove();
    }
  },
};

async function measured(
  { isQuick, progress }: MeasureContext,
  { host, messages, empty, env }: Setting,
  texts: Parameters<typeof plansOf>[0],
  from: string,
  rules: number,
  atMost: number,
): Promise<Result> {
  const plans = plansOf(texts, progress);
  const app = deployedApp(plans);
  const first = async ({ directory }: App, round: number): Promise<FirstBatch> =>
    // Tables of its own each time: what another round wrote is not found again.
    JSON.parse(
      (await runNodeWell([host, directory, messages], { ...env, OUTRIDER_TABLE_PREFIX: `R${rules}x${round}` })).stdout,
    );
  try {
    const rounds: { bare: FirstBatch; full: FirstBatch }[] = [];
    for (let round = 0; round < (isQuick ? 1 : 12); round++) {
      progress(`cold start with ${plans.length} rules, round ${round}`);
      const pair = { bare: await first(empty, round), full: await first(app, round) };
      // The first reads the files into the memory of the system.
      if (round > 0 || isQuick) rounds.push(pair);
    }
    const more = (of: (one: FirstBatch) => number) => summaryOf(rounds.map(({ bare, full }) => of(full) - of(bare)));
    const median = (of: (pair: (typeof rounds)[number]) => number): number =>
      Math.round(summaryOf(rounds.map(of)).median);
    return {
      name: `cold-start/${rules}`,
      title: `first batch of a new process, ${plans.length} rules, more than an empty function`,
      unit: 'ms',
      wall: more(({ done }) => done),
      cpu: more(({ cpu }) => cpu),
      floor: { of: 'wall', atMost },
      sizes: {
        rules: plans.length,
        events: MESSAGES,
        'empty function, ms': median(({ bare }) => bare.done),
        'this app, ms': median(({ full }) => full.done),
        'of that, loading, ms': median(({ full }) => full.loaded - full.loading),
        'of that, the batch, ms': median(({ full }) => full.done - full.loaded),
        'rules from': from,
      },
    };
  } finally {
    app.remove();
  }
}
