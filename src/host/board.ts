import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parsePages, type StoredPage } from '../board/pages';
import type { BoardSource } from '../board/source';
import type { OperatorConfig } from '../config';
import { Once } from '../state/once';
import { openCredential } from './credential';
import { checkHealth, type HealthSource } from './health';
import { HubInfo } from './hub';
import { logToStderr } from './logging';
import { gracesOf } from './observe';
import { openPlans } from './open-plans';
import { openResender, openStorage } from './operator';

export interface BoardSourceOptions extends Pick<BoardSource, 'session' | 'positions' | 'workbench'> {
  /** The sinks that are configured, where that is known. */
  readonly sinks?: readonly string[];
  /** Dead letters may be sent again. */
  readonly canResend?: boolean;
}

/** What the board reads of an app, with the app's own settings. Everything is opened when it is first asked for. */
export function openBoardSource(config: OperatorConfig, options: BoardSourceOptions): BoardSource {
  const { sinks, canResend, ...rest } = options;
  const storage = new Once(() => openStorage(config));
  const opened = new Once(async () => openPlans(config, (await storage.get()).credential, logToStderr));
  const { events } = config;
  const hub = new Once(async () => {
    const credential = events!.connectionString === undefined ? await openCredential(config) : undefined;
    return new HubInfo({ ...events!, credential });
  });
  const plans = async () => {
    const { options: current } = await opened.get();
    return (await current.deployedPlans?.())?.plans ?? current.plans;
  };
  const hubEnds = events === undefined ? undefined : async () => (await hub.get()).ends();
  const health: HealthSource = { config, sinks, storage: () => storage.get(), plans, hubEnds };
  const resender = new Once(async () => openResender(config, await storage.get(), logToStderr));
  return {
    ...rest,
    storage: () => storage.get(),
    plans,
    pages: pagesBeside(config.plans),
    async health(now) {
      const { status, checks, engine } = await checkHealth(health, now);
      return { status, checks, pending: engine?.pending ?? [] };
    },
    graceMs: (ruleId, known) => gracesOf(config, known)(ruleId),
    ...(hubEnds ? { hubEnds } : {}),
    ...(canResend ? { resend: async (id, how) => (await resender.get()).resend(id, Date.now(), how) } : {}),
  };
}

/** The pages that the build left beside the plan file, read again when they change; none where there are none. */
function pagesBeside(plans: string): () => readonly StoredPage[] {
  const file = join(dirname(plans), 'pages.json');
  let at = Number.NaN;
  let pages: readonly StoredPage[] = [];
  return () => {
    try {
      const { mtimeMs } = statSync(file);
      if (mtimeMs !== at) pages = parsePages(readFileSync(file, 'utf8'));
      at = mtimeMs;
    } catch {
      // A rule without its page is shown by its plan.
      pages = [];
      at = Number.NaN;
    }
    return pages;
  };
}
