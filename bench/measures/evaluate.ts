import { againstJsonParse } from '../frame/against-json-parse';
import type { Measure, MeasureContext } from '../frame/measure';
import { mixedRules, type RuleText, textRules } from '../inputs/made-rules';
import { catalogueRules, dcomRule, manyRules, plansOf } from '../inputs/plans';
import { openStream } from '../inputs/stream';
import { windowsXml } from '../inputs/windows-xml';

const eventsOf = ({ isQuick }: MeasureContext, most = 20_000) => openStream(isQuick ? 500 : most);

interface Case {
  readonly name: string;
  readonly title: string;
  readonly atLeast: number;
  /** A round of many rules takes long. */
  readonly events?: number;
  rules(quick: boolean): Promise<{ readonly name: string; readonly texts: readonly RuleText[] }>;
}

const ofRules = ({ name, title, atLeast, events, rules }: Case): Measure => ({
  name,
  title,
  async run(context) {
    const { texts, name: from } = await rules(context.isQuick);
    const stream = eventsOf(context, events);
    const plans = plansOf(texts, context.progress);
    const sources = { 'rules from': from, 'events from': stream.name };
    return [
      await againstJsonParse({ name, title, plans, bodies: stream.bodies, sources, floor: { atLeast } }, context),
    ];
  },
});

const made = (texts: readonly RuleText[]) => ({ name: 'bench/inputs/made-rules.ts', texts });

/** `evaluate(batch)` over a store in memory, by how many rules there are and how much they have to do. */
export const EVALUATE: readonly Measure[] = [
  ofRules({
    name: 'one-rule',
    title: 'evaluate, 1 rule (DCOM), one row a message',
    atLeast: 3,
    rules: async () => ({ name: 'rules/', texts: [dcomRule()] }),
  }),
  ofRules({
    name: 'catalogue',
    title: 'evaluate, 17 rules of a catalogue',
    atLeast: 0.7,
    rules: catalogueRules,
  }),
  ofRules({
    name: 'hundred',
    title: 'evaluate, 100 rules with texts of their own',
    atLeast: 1,
    rules: async () => made(textRules(100)),
  }),
  ofRules({
    name: 'many',
    title: 'evaluate, many rules of a catalogue, events that match',
    atLeast: 0.4,
    events: 10_000,
    rules: manyRules,
  }),
  ofRules({
    name: 'thousand',
    title: 'evaluate, 1,000 made rules, a tenth counts every event of an id',
    atLeast: 0.3,
    events: 5_000,
    rules: async (isQuick) => made(mixedRules(isQuick ? 20 : 1000)),
  }),
  {
    name: 'raw-xml',
    title: 'evaluate, 1 rule (DCOM), raw Windows XML',
    async run(context) {
      const stream = eventsOf(context);
      return [
        await againstJsonParse(
          {
            name: this.name,
            title: this.title,
            plans: plansOf([dcomRule()], context.progress),
            bodies: stream.bodies.map(windowsXml),
            // Of the table rows: what is asked is that XML is no slower than they were.
            parsed: stream.bodies,
            sources: { 'rules from': 'rules/', 'events from': `${stream.name}, as XML` },
            floor: { atLeast: 1 },
          },
          context,
        ),
      ];
    },
  },
];
