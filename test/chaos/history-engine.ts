import type { AlertJson, Sink } from '../../src/alerts/sinks/sink';
import { DEFAULTS, type Engine } from '../../src/engine';
import { Evaluator } from '../../src/engine/evaluate';
import { Flusher } from '../../src/engine/flush';
import { RuleSource } from '../../src/engine/rule-source';
import type { BatchSource, EngineOptions } from '../../src/engine/types';
import { HubInfo } from '../../src/host/hub';
import type { MemoryStore } from '../../src/state/memory';
import type { Random } from '../support/random';
import type { Deployment } from './deployment';
import type { Hub } from './hub';
import type { Letters } from './letters';
import { type RecordedOutbox, SINKS, TABLES } from './outbox';
import { type Process, ProcessStore, type World } from './world';

/** What the processes of a history have around them. */
export interface Surroundings {
  readonly world: World;
  readonly store: MemoryStore;
  readonly deployment: Deployment;
  readonly hub: Hub;
  readonly outbox: RecordedOutbox;
  readonly random: Random;
  readonly problems: string[];
  /** Whether the hub says where its partitions end. */
  readonly knowsEnds: boolean;
  readonly pageSize: number;
  readonly bounds: Pick<
    EngineOptions,
    'graceMs' | 'maxLateMs' | 'maxAheadMs' | 'maxWaitMs' | 'maxWindowsPerFlush' | 'maxFlushMs'
  >;
  readonly now: () => number;
  /** Where histories keep them. */
  readonly letters: Letters | undefined;
}

/** Errors that the history itself causes. */
const EXPECTED = new Set(['alerts not delivered', 'deployed plans cannot be read', 'the hub does not answer']);

const REFUSED = 'a plan with open windows cannot be run by this version';

/** Names that the namespace is reached under: its own, and that of a geo-disaster-recovery alias. */
export const NAMESPACES = ['n', 'n-alias'] as const;

export const sourceOf = (partition: number, incarnation: string, namespace: string = NAMESPACES[0]): BatchSource => ({
  namespace,
  hub: 'h',
  partition: String(partition),
  incarnation,
});

/** What a process runs with: each step that it takes outside itself is one of the world's, where it may be killed. */
function optionsIn(surroundings: Surroundings, process: Process): EngineOptions {
  const { world, store, deployment, hub, problems, knowsEnds, pageSize, bounds, now, letters } = surroundings;
  const own = deployment.readable(new ProcessStore(store, world, process, pageSize, now));
  return {
    ...DEFAULTS,
    ...bounds,
    plans: deployment.current.plans,
    deployedPlans: () => world.step(process, 'read deployment', () => deployment.of(process, now())),
    store: letters?.refusing(own) ?? own,
    tables: TABLES,
    sinks: SINKS.map((name) => sinkOf(surroundings, name, process)),
    deadLetters: letters?.writer(own) ?? { write: () => world.step(process, 'write dead letters', () => undefined) },
    mode: 'live',
    ...(knowsEnds
      ? {
          hubEnds: () =>
            world.step(process, 'ask for ends', () =>
              hub.logs.map((log, p) => ({
                source: sourceOf(p, hub.incarnation),
                lastSequenceNumber: log.at(-1)?.sequenceNumber ?? -1,
              })),
            ),
        }
      : {}),
    log: ({ level, message, reason }) => {
      if (message === REFUSED) return deployment.refused();
      if (level === 'error' && !EXPECTED.has(message) && !process.isDead) problems.push(`${message}: ${reason}`);
    },
  };
}

/** The engine of a process. */
export function engineIn(surroundings: Surroundings, process: Process): Engine {
  const options = optionsIn(surroundings, process);
  // A process uses one of the two.
  const source = new RuleSource(options);
  const evaluator = new Evaluator(source, options);
  const flusher = new Flusher(source, options);
  return { evaluate: (batch) => evaluator.evaluate(batch), flush: (time) => flusher.flush(time) };
}

/** Sends a dead letter again. */
export const operatorIn =
  (surroundings: Surroundings, process: Process) =>
  async (id: string, now: number): Promise<void> =>
    surroundings.letters?.resend(optionsIn(surroundings, process), id, now);

/** What a process knows of the hub; a question is a step. */
export function hubInfoIn({ world, hub }: Surroundings, process: Process): HubInfo {
  const info = new HubInfo({ hub: 'h', consumerGroup: '$Default' });
  const getEventHubProperties = () =>
    world.step(process, 'ask which hub', () => ({ createdOn: new Date(hub.incarnation) }));
  Object.assign(info, { open: async () => ({ getEventHubProperties, close: async () => undefined }) });
  return info;
}

/** The sink `two` refuses some alerts. */
function sinkOf({ world, random, outbox }: Surroundings, name: string, process: Process): Sink {
  return {
    name,
    send: (alerts) =>
      world.step(process, 'send', () => {
        const failed: { index: number; reason: string }[] = [];
        alerts.forEach((alert: AlertJson, index) => {
          if (name === 'two' && world.chances.fail > 0 && random.chance(20)) failed.push({ index, reason: 'refused' });
          else outbox.receive(name, alert);
        });
        return { failed };
      }),
  };
}
