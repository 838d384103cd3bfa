import { KqlError } from '../../src/kql';
import { LegRunner } from '../../src/streaming/leg-runner';
import { splitPlan } from '../../src/streaming/split';
import { queryTable } from '../support/kql';
import { compiledPlan, HOUR, schedule } from '../support/stream';

/** What becomes of an event in a rule's row stage: the number of its rows, or what is said. */
function rowsOf(query: string, eventData: string): number | string {
  const { legs } = splitPlan(compiledPlan(query), { ...schedule(HOUR, HOUR), timeBasis: 'event' });
  const runner = new LegRunner(legs[0]!, HOUR);
  const fields = { TimeGenerated: '2026-01-02T03:04:05Z', EventData: eventData };
  try {
    return runner.survivors({ table: 'Event', fields, ingestion: 0n, origin: 'o' }).length;
  } catch (error) {
    if (error instanceof KqlError && error.kind === 'run') return error.message;
    throw error;
  }
}

const commas = (count: number): string => ','.repeat(count - 1);

describe('what one event may cost a rule in its row stage', () => {
  it('rows: ten thousand, those in between included', () => {
    const one = 'Event | mv-expand a = split(EventData, ",") | where isempty(a) | project TimeGenerated, a';
    expect(rowsOf(one, commas(10_000))).toBe(10_000);
    expect(rowsOf(one, commas(10_001))).toMatch(/more than 10000 rows.*array_slice/);
    const two =
      'Event | mv-expand a = split(EventData, ",") | mv-expand b = split(EventData, ",") | where a != b | project TimeGenerated, a';
    expect(rowsOf(two, commas(90))).toBe(0);
    expect(rowsOf(two, commas(110))).toMatch(/more than 10000 rows/);
    const nested =
      'Event | mv-apply a = split(EventData, ",") on (mv-expand b = split(EventData, ",") | summarize n = count()) | project TimeGenerated, n';
    expect(rowsOf(nested, commas(90))).toBe(1);
    expect(rowsOf(nested, commas(110))).toMatch(/more than 10000 rows/);
  });

  it('text that these rows carry', () => {
    const query =
      'Event | mv-expand a = range(1, strlen(EventData) / 100) | where EventData has "q" | project TimeGenerated, a';
    expect(rowsOf(query, 'a'.repeat(50_000))).toBe(0);
    expect(rowsOf(query, 'a'.repeat(200_000))).toMatch(/carry more than 128 million characters/);
  });

  it('text that is made', () => {
    const doubled = `Event | extend t = EventData ${'| extend t = strcat(t, t) '.repeat(10)}| project TimeGenerated, n = strlen(t)`;
    expect(rowsOf(doubled, 'a'.repeat(4_000))).toBe(1);
    expect(rowsOf(doubled, 'a'.repeat(40_000))).toMatch(/makes more than 16 million characters of text/);
    const packed = `Event | extend d = EventData ${'| extend d = pack_array(d, d, d, d) '.repeat(6)}| project TimeGenerated, n = strlen(tostring(d))`;
    expect(rowsOf(packed, 'a'.repeat(100))).toBe(1);
    expect(rowsOf(packed, 'a'.repeat(10_000))).toMatch(/characters of text/);
  });

  it('each event has its own allowance, and a batch query another bound', () => {
    const query = 'Event | mv-expand a = split(EventData, ",") | where isempty(a) | project TimeGenerated, a';
    for (let i = 0; i < 5; i++) expect(rowsOf(query, commas(9_000))).toBe(9_000);
    expect(queryTable('range x from 1 to 1 step 1 | mv-expand y = range(1, 20000) | count').rows).toEqual([[20_000]]);
  });
});
