import { KqlError } from '../../../src/kql';
import { LegRunner } from '../../../src/streaming/leg-runner';
import type { StreamPlan } from '../../../src/streaming/stream-plan';
import { type Attack, filled, MOST_OF_ROW_STAGE } from './attack';

/** Row stages that make much of an event, with the text that goes for them. */
export const ROW_STAGES: Readonly<Record<string, { readonly query: string; readonly units: readonly string[] }>> = {
  'mv-expand twice': {
    query: 'Event | mv-expand a = split(EventData, ",") | mv-expand b = split(EventData, ",") | where a == b',
    units: [',', 'a,'],
  },
  'mv-apply inside mv-expand': {
    query:
      'Event | mv-expand a = todynamic(EventData) | mv-apply b = todynamic(EventData) on (mv-expand c = todynamic(EventData) | count)',
    units: ['1,'],
  },
  'pack_array nested': {
    query: `Event | extend a = ${'pack_array('.repeat(6)}EventData${', EventData, EventData, EventData, EventData)'.repeat(6)} | project TimeGenerated, a = tostring(a)`,
    units: ['a', '"'],
  },
  'packs of packs': {
    query: `Event | extend d = todynamic(EventData) ${'| extend d = pack_array(d, d, d, d, d, d, d, d) '.repeat(12)}| project TimeGenerated, t = strlen(tostring(d)), d`,
    units: ['1,'],
  },
  'text doubled': {
    query: `Event | extend t = EventData ${'| extend t = strcat(t, t) '.repeat(16)}| project TimeGenerated, t`,
    units: ['a'],
  },
  'strrep and replace_string': {
    query:
      'Event | extend t = strrep(EventData, 1000) | extend u = replace_string(t, "a", t) | project TimeGenerated, u',
    units: ['a'],
  },
  'todecimal kept': {
    query:
      'Event | project TimeGenerated, d = todecimal(EventData), e = todecimal(strcat("9e", substring(EventData, 0, 9))) | extend r = d % 7, s = e % 7, t = tostring(e)',
    units: ['9', '9e', '0.'],
  },
  'parse simple': {
    query: 'Event | parse EventData with * "a" A "b" B "c" * | where isnotempty(A)',
    units: ['a', 'ab', 'aab'],
  },
  'parse relaxed, typed': {
    query: 'Event | parse kind=relaxed EventData with * "a" A:long "b" B:datetime * "c" C:decimal * | where A > 0',
    units: ['a1', 'a1b', '9', '2020-01-01T00:00:00'],
  },
  'parse regex': {
    query: 'Event | parse kind=regex EventData with * "a+" A "b" B ".*c" C | where isnotempty(A)',
    units: ['a', 'ab', 'aab'],
  },
  'parse-kv by delimiters': {
    query:
      "Event | parse-kv EventData as (a:string, b:long) with (pair_delimiter=',', kv_delimiter='=', quote='\"', greedy=true) | where isnotempty(a)",
    units: ['a=', ',', '=', '"', 'a="', 'a=1,', ' '],
  },
  'parse-kv by words': {
    query: "Event | parse-kv EventData as (a:string, b:long) with (quote='\"') | where isnotempty(a)",
    units: ['a ', '"', '"a', 'a"', ' '],
  },
  'parse-kv by regex': {
    query: 'Event | parse-kv EventData as (a:string, b:long) with (regex=@"(b)|(a.*c)") | where isnotempty(a)',
    units: ['ab', 'a', 'b'],
  },
  parse_xml: {
    query: 'Event | extend x = parse_xml(EventData) | where tostring(x) has "q"',
    units: ['<a>', '<a b="1"/>', '&amp;', '<!--', '<![CDATA['],
  },
};

/** Attacks on the row stages of plans, which are compiled elsewhere. */
export const ruleAttacks = (plans: Readonly<Record<string, StreamPlan>>): Attack[] =>
  Object.entries(ROW_STAGES).flatMap(([name, { units }]) =>
    units.map((unit) => ({
      name: `row stage, ${name}: ${JSON.stringify(unit)} repeated`,
      most: MOST_OF_ROW_STAGE,
      prepare(bytes) {
        const runners = plans[name]!.legs.map((leg) => new LegRunner(leg, 3_600_000));
        const text = unit === '1,' ? `[${filled('1,', bytes)}1]` : filled(unit, bytes);
        const fields = { TimeGenerated: '2026-01-02T03:04:05Z', Type: 'Event', EventData: text };
        return () =>
          runners.map((runner) => {
            try {
              const rows = runner.survivors({ table: 'Event', fields, ingestion: 0n, origin: 'o' });
              return rows.map((survivor) =>
                survivor.groupKey === undefined
                  ? runner.keep(survivor).length
                  : runner.fold(undefined, [survivor]).length,
              );
            } catch (error) {
              if (error instanceof KqlError) return error.kind;
              throw error;
            }
          });
      },
    })),
  );
