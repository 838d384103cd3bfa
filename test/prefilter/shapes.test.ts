import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { decode, decodeRecords } from '../../src/events/decode';
import { type LegRequirements, Prefilter, type Requirement } from '../../src/prefilter';

const SAMPLES = join(__dirname, '../events/samples');
const files = readdirSync(SAMPLES);
const bodiesOf = (file: string): Buffer[] => {
  const bytes = readFileSync(join(SAMPLES, file));
  if (!file.endsWith('.ndjson')) return [bytes];
  const lines = bytes.toString().split('\n').filter(Boolean);
  return [bytes, ...lines.slice(0, 20).map((line) => Buffer.from(line))];
};

const table = (name: string): Requirement => ({ kind: 'table', name });
const eventId = (...values: number[]): Requirement => ({ kind: 'number', column: 'EventID', values });
const literal = (text: string): Requirement => ({ kind: 'literal', text, caseSensitive: false });

/** What no event of the samples has. */
const NEVER: LegRequirements = [[table('Event'), eventId(60_001)], [table('Other_CL')]];

/** Compares what the bytes tell of a body with what is decoded. */
function check(body: Buffer, legs: readonly LegRequirements[], matches: (leg: number, index: number) => boolean) {
  const whole = decode({ body });
  const verdict = new Prefilter(legs).judge(body);
  if (verdict.kind === 'whole') return verdict.kind;
  const picks = new Map((verdict.kind === 'some' ? verdict.picks : []).map((pick) => [pick.index, pick]));
  expect(whole.rejected.filter(({ index }) => !picks.has(index))).toEqual([]);
  if (verdict.kind === 'some') expect(verdict.total).toBe(whole.records.length + whole.rejected.length);
  for (const { index } of whole.records) {
    legs.forEach((_, leg) => {
      if (!matches(leg, index)) return;
      const pick = picks.get(index);
      expect({ index, leg, isLookedAt: pick !== undefined && (pick.legs?.includes(leg) ?? true) }).toEqual({
        ...{ index, leg, isLookedAt: true },
      });
    });
  }
  if (picks.size > 0) {
    const part = decodeRecords(body, [...picks.values()]);
    expect(part.records).toEqual(whole.records.filter(({ index }) => picks.has(index)));
  }
  return verdict.kind;
}

/** Whether a literal, in either case, is in some text of a row. */
const holds = (fields: Record<string, unknown>, text: string): boolean =>
  Object.values(fields).some((cell) => typeof cell === 'string' && cell.toLowerCase().includes(text.toLowerCase()));

describe.each(files)('%s', (file) => {
  it('is looked at by whoever asks for a text that a row of it holds, wherever the row has it from', () => {
    for (const body of bodiesOf(file)) {
      const { records } = decode({ body });
      for (const { index, table: name, fields } of records.slice(0, 3)) {
        const texts = Object.values(fields).filter((cell): cell is string => typeof cell === 'string');
        const pieces = new Set(texts.flatMap((text) => text.match(/[^\s<>"'=,:/\\{}&]{4,40}/g) ?? []));
        const wide = texts.flatMap((text) => [text.slice(0, 30), text.slice(-30), text.slice(40, 90)]);
        const literals = [...pieces].slice(0, 60).concat(wide.filter((text) => text.length > 3));
        const id = Number(fields.EventID);
        const legs = literals.map(
          (text): LegRequirements => [[table(name), literal(text), ...(Number.isInteger(id) ? [eventId(id, 9)] : [])]],
        );
        check(
          body,
          legs,
          (leg, at) =>
            at === index ||
            (holds(records.find((one) => one.index === at)!.fields, literals[leg]!) &&
              records.find((one) => one.index === at)!.table === name &&
              Number(records.find((one) => one.index === at)!.fields.EventID) === id),
        );
      }
    }
  });

  it('loses nothing where a byte of it is another, or missing', () => {
    const bodies = bodiesOf(file).filter((body) => body.length < 40_000);
    fc.assert(
      fc.property(
        fc.constantFrom(...(bodies.length > 0 ? bodies : bodiesOf(file))),
        fc.nat(),
        fc.constantFrom(
          '',
          '"',
          '\\',
          '<',
          '>',
          '&',
          '{',
          '}',
          ']',
          ',',
          ' ',
          '\n',
          '\0',
          '1',
          'x',
          'é',
          '\u212a',
          '/',
        ),
        fc.boolean(),
        (body, place, sign, replaces) => {
          const at = place % body.length;
          const broken = Buffer.concat([
            body.subarray(0, at),
            Buffer.from(sign),
            body.subarray(at + (replaces || sign === '' ? 1 : 0)),
          ]);
          check(broken, [NEVER], () => false);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('events that no rule asks for', () => {
  const unread = [
    'elastic-agent-sysmon.json',
    'evtx-dump.ndjson',
    'fluent-bit.ndjson',
    'fluentd.ndjson',
    'log-analytics-export.ndjson',
    'nxlog.ndjson',
    'opentelemetry-body.ndjson',
    'openwec-json.ndjson',
    'vector-windows-event-log.ndjson',
    'windows-event.xml',
    'windows-event-pretty.xml',
    'windows-event-forwarding.xml',
    'windowsevent-table.ndjson',
    'winlogbeat-6.ndjson',
    'winlogbeat.json',
  ];

  it.each(unread)('of %s are not read', (file) => {
    for (const body of bodiesOf(file).slice(-3)) expect(new Prefilter([NEVER]).judge(body).kind).toBe('unread');
  });

  it.each(unread)('of %s are read where one asks for their number', (file) => {
    for (const body of bodiesOf(file).slice(-3)) {
      const { records } = decode({ body });
      const legs = records.map(
        ({ table: name, fields }): LegRequirements => [[table(name), eventId(Number(fields.EventID))]],
      );
      const verdict = new Prefilter(legs).judge(body);
      expect(verdict).toMatchObject({ kind: 'some', total: records.length });
    }
  });
});
