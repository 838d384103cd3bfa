import type { RulePlan } from '../../src/plan/rule-plan';
import { meanBytes } from '../inputs/stream';
import { FULL, inTurn, QUICK, type Time } from './clock';
import { type Counts, Feed, memoryEngine } from './engine';
import type { Floor, MeasureContext, Result } from './measure';
import { type Summary, summaryOf } from './statistics';

export interface EvaluateTrial {
  readonly name: string;
  readonly title: string;
  readonly plans: readonly RulePlan[];
  readonly bodies: readonly Buffer[];
  /** Where rules and events come from. */
  readonly sources: Readonly<Record<string, string>>;
  /** What JSON.parse is given; `bodies`, where nothing else is said. */
  readonly parsed?: readonly Buffer[];
  /** Of the ratio in processor time. */
  readonly floor?: Omit<Floor, 'of'>;
}

/** Evaluates messages over a store in memory, against a bare JSON.parse of the same rows in the same run. */
export async function againstJsonParse(trial: EvaluateTrial, context: MeasureContext): Promise<Result> {
  const { plans, bodies, parsed = bodies } = trial;
  context.progress(`${trial.title}: ${plans.length} rules, ${bodies.length} events`);
  const engine = memoryEngine(plans);
  const feed = new Feed(bodies);
  let counts: Counts | undefined;
  const rounds = await inTurn(context.isQuick ? QUICK : FULL, {
    parse: () => {
      for (const body of parsed) JSON.parse(body.toString());
    },
    evaluate: async () => {
      counts = await feed.through(engine);
    },
  });
  const rate = (of: (round: Time) => number): Summary =>
    summaryOf(rounds.map(({ evaluate }) => (bodies.length / of(evaluate)) * 1000));
  const ratio = (of: (round: Time) => number): Summary =>
    summaryOf(rounds.map(({ parse, evaluate }) => of(parse) / of(evaluate)));
  const { skipped, matches, messages } = counts!;
  return {
    name: trial.name,
    title: trial.title,
    unit: 'events/s',
    wall: rate(({ wall }) => wall),
    cpu: rate(({ cpu }) => cpu),
    ratio: { to: 'JSON.parse', wall: ratio(({ wall }) => wall), cpu: ratio(({ cpu }) => cpu) },
    ...(trial.floor ? { floor: { of: 'ratio.cpu', ...trial.floor } } : {}),
    sizes: {
      rules: plans.length,
      events: bodies.length,
      'bytes an event': meanBytes(bodies),
      'skipped %': Number(((100 * skipped) / messages).toFixed(1)),
      'matches an event': Number((matches / messages).toFixed(3)),
      ...trial.sources,
    },
  };
}
