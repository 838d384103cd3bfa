import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventHubProducerClient } from '@azure/event-hubs';
import { startFunctionsHostProcess } from '../../local/functions-host/process';
import { type Stack, startStack } from '../../local/stack';
import { type App, bareApp, deployedApp } from '../frame/app';
import type { Measure } from '../frame/measure';
import { summaryOf } from '../frame/statistics';
import { dcomRule, plansOf } from '../inputs/plans';
import { meanBytes, openStream } from '../inputs/stream';

const PARTITIONS = 4;
const ENTRIES = join('dist', 'local');
/** A last batch that is not full waits for more, as host.json says: it is not measured. */
const ALL_BUT_THE_LAST = 0.98;
const LIMIT_MS = 300_000;

interface Passage {
  /** From the first batch to the last, ms. */
  readonly wall: number;
  /** Processor time of the host meanwhile, ms. */
  readonly cpu: number | undefined;
  readonly batch: number;
}

/** All events of a hub through a Functions host: the deployed app, in turns with a function that does nothing. */
export const WHOLE_CHAIN: Measure = {
  name: 'whole-chain',
  title: 'hub emulator and Functions host, 1 rule (DCOM), against a function that does nothing',
  async run(context) {
    const { isQuick, progress } = context;
    const rounds = isQuick ? 1 : 5;
    const { name: from, bodies } = openStream(isQuick ? 1_000 : 20_000);
    // Twice: the start of a host must not be much of it.
    const events = isQuick ? bodies : [...bodies, ...bodies];
    const names = Array.from({ length: rounds + 1 }, (_, round) => [`bare${round}`, `full${round}`]).flat();
    const bare = bareApp('empty-app');
    const full = deployedApp(plansOf([dcomRule()], progress));
    const stack = await startStack({
      app: full.directory,
      entries: ENTRIES,
      hosts: [],
      hubs: { events: { partitions: PARTITIONS, consumerGroups: names } },
    });
    try {
      progress(`sending ${events.length} events`);
      await send(stack, events.map(asOfNow));
      const found: { bare: Passage; full: Passage }[] = [];
      for (let round = 0; round <= rounds; round++) {
        progress(`round ${round}`);
        const pair = {
          bare: await pass(stack, bare, `bare${round}`, events.length),
          full: await pass(stack, full, `full${round}`, events.length),
        };
        if (round > 0 || isQuick) found.push(pair);
        if (isQuick) break;
      }
      const rate = (of: (pair: (typeof found)[number]) => number | undefined) => {
        const times = found.map(of).filter((time) => time !== undefined);
        return times.length > 0 ? summaryOf(times.map((time) => (events.length / time) * 1000)) : undefined;
      };
      const nothing = rate((pair) => pair.bare.wall);
      return [
        {
          name: this.name,
          title: this.title,
          unit: 'events/s',
          wall: rate((pair) => pair.full.wall),
          cpu: rate((pair) => pair.full.cpu),
          ratio: {
            to: 'the same host with a function that does nothing',
            wall: summaryOf(found.map((pair) => pair.bare.wall / pair.full.wall)),
            cpu: summaryOf(found.map((pair) => (pair.bare.cpu ?? 0) / (pair.full.cpu ?? 1))),
          },
          floor: { of: 'ratio.wall', atLeast: 0.8 },
          sizes: {
            rules: 1,
            events: events.length,
            'bytes an event': meanBytes(events),
            'events a batch': found[0]!.full.batch,
            partitions: PARTITIONS,
            'function that does nothing, events/s': Math.round(nothing?.median ?? 0),
            'events from': from,
          },
        },
      ];
    } finally {
      await stack.stop();
      bare.remove();
      full.remove();
    }
  },
};

/** The row as if it were of today: recorded ones would be too late for any window. */
const asOfNow = (body: Buffer, number: number): Buffer =>
  Buffer.from(
    body
      .toString()
      .replace(
        /"TimeGenerated":"[^"]*"/,
        `"TimeGenerated":"${new Date(Date.now() - 60_000 + (number % 60_000)).toISOString()}"`,
      ),
  );

async function send({ eventHubs, hub }: Stack, bodies: readonly Buffer[]): Promise<void> {
  const producer = new EventHubProducerClient(eventHubs, hub);
  try {
    for (let from = 0; from < bodies.length; from += 250) {
      const partitionId = String((from / 250) % PARTITIONS);
      await producer.sendBatch(
        bodies.slice(from, from + 250).map((body) => ({ body })),
        { partitionId },
      );
    }
  } finally {
    await producer.close();
  }
}

/** Starts a host with an app, and stops it when every event has been through. */
async function pass(stack: Stack, app: App, consumerGroup: string, events: number): Promise<Passage> {
  let done = 0;
  let invocations = 0;
  let first: number | undefined;
  let over: (passage: { wall: number }) => void = () => undefined;
  let failed: (error: Error) => void = () => undefined;
  const through = new Promise<{ wall: number }>((resolve, reject) => {
    over = resolve;
    failed = reject;
  });
  const limit = setTimeout(() => failed(new Error(`${done} of ${events} events in ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  const host = await startFunctionsHostProcess({
    entry: join(ENTRIES, 'functions-host', 'main.js'),
    app: app.directory,
    functions: ['evaluate'],
    env: {
      ...stack.env,
      EVENT_HUB_CONSUMER_GROUP: consumerGroup,
      OUTRIDER_TABLE_PREFIX: consumerGroup,
    },
    onEvent: (event) => {
      if (event.type !== 'invocation') return;
      if (!event.ok) return failed(new Error(event.error));
      first ??= performance.now() - event.durationMs;
      done += event.events;
      invocations++;
      if (done >= events * ALL_BUT_THE_LAST) over({ wall: performance.now() - first });
    },
  });
  const before = processorTime(host.pid);
  try {
    const { wall } = await through;
    const after = processorTime(host.pid);
    return {
      wall,
      cpu: before === undefined || after === undefined ? undefined : after - before,
      batch: Math.round(done / invocations),
    };
  } finally {
    clearTimeout(limit);
    await host.stop();
  }
}

/** Processor time of another process so far, ms, where the system tells it (Linux, in hundredths of a second). */
function processorTime(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}
