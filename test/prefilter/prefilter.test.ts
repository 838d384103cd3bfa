import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { generateSample } from '../../local/sample';
import { decode, decodeRecords } from '../../src/events/decode';
import {
  type Atom,
  type LegRequirements,
  Prefilter,
  type PrefilterOptions,
  type Requirement,
} from '../../src/prefilter';

const TIME = '2026-03-14T14:31:07.1230000Z';
const DCOM: Requirement[] = [
  { kind: 'table', name: 'Event' },
  { kind: 'number', column: 'EventID', values: [1] },
  { kind: 'literal', text: 'CommandLine">', caseSensitive: true },
  { kind: 'literal', text: 'C:\\Windows\\System32\\svchost.exe -k DcomLaunch', caseSensitive: false },
  { kind: 'literal', text: 'C:\\Windows\\System32\\mmc.exe -Embedding', caseSensitive: false },
];
const attack = {
  Computer: 'A',
  EventData:
    '<Data Name="CommandLine">c:\\WINDOWS\\system32\\MMC.EXE -embedding</Data><Data Name="ParentCommandLine">C:\\Windows\\System32\\svchost.exe -k DCOMLAUNCH</Data>',
  EventID: 1,
  TimeGenerated: TIME,
  Type: 'Event',
};
const ordinary = { ...attack, EventData: '<Data Name="CommandLine">C:\\Windows\\System32\\notepad.exe</Data>' };
/** Whether anything in a message is looked at. */
const looks = (rules: readonly Requirement[][], options?: PrefilterOptions) => {
  const filter = new Prefilter(
    rules.map((rule): LegRequirements => [rule]),
    options,
  );
  return (body: Uint8Array) => filter.judge(body).kind !== 'unread';
};
const isDcom = looks([DCOM]);
const envelope = (...records: unknown[]) => Buffer.from(JSON.stringify({ records }));

describe('a rule with literals, an event id and a table', () => {
  it('looks at a match, skips what cannot be one', () => {
    expect(isDcom(envelope(ordinary, attack))).toBe(true);
    expect(isDcom(envelope(ordinary, ordinary))).toBe(false);
    expect(isDcom(envelope({ ...attack, EventID: 3 }))).toBe(false);
    expect(isDcom(envelope({ ...attack, Type: 'SecurityEvent' }))).toBe(false);
    expect(isDcom(Buffer.from([ordinary, ordinary].map((row) => JSON.stringify(row)).join('\r\n')))).toBe(false);
    expect(isDcom(Buffer.from(JSON.stringify([ordinary])))).toBe(false);
  });

  it.each([
    ['escapes of letters', (text: string) => text.replace('MMC', '\\u004dMC')],
    ['escapes of signs', (text: string) => text.replaceAll('<', '\\u003c').replaceAll('\\\\', '\\u005c')],
    ['an escaped property name', (text: string) => text.replace('"EventID"', '"\\u0045ventID"')],
    ['an escaped table', (text: string) => text.replace('"Type":"Event"', '"Type":"\\u0045vent"')],
    ['blanks', (text: string) => text.replace('"EventID":1', '"EventID" :\t1').replace('"Type":', '"Type" :\n')],
    ['a number as text', (text: string) => text.replace('"EventID":1', '"EventID":"1"')],
    ['a number written otherwise', (text: string) => text.replace('"EventID":1', '"EventID":1.0e0')],
    ['no Type', (text: string) => text.replace('"Type":"Event"', '"EventLog":"x","Source":"y"')],
    ['a letter that folds to k', (text: string) => text.replace('-k', '-\u212a')],
  ])('is not misled by %s', (_name, change) => {
    const text = change(JSON.stringify({ records: [attack] }));
    expect(text).not.toBe(JSON.stringify({ records: [attack] }));
    expect(isDcom(Buffer.from(text))).toBe(true);
  });

  it.each([
    ['gzip', gzipSync(envelope(ordinary))],
    ['UTF-16', Buffer.from(JSON.stringify(ordinary), 'utf16le')],
    ['XML', Buffer.from('<Event></Event>')],
    ["a shipper's record", Buffer.from('{"@timestamp":"x","winlog":{}}')],
    ['a message that does not end', envelope(ordinary).subarray(0, -3)],
    ['records of which the first is none', Buffer.from('{"records":[null,1]}')],
    ["a line of a shipper's among rows", Buffer.from(`${JSON.stringify(ordinary)}\n{"@timestamp":"x","winlog":{}}`)],

    ['nothing', Buffer.alloc(0)],
  ])('looks closer at %s', (_name, body) => {
    expect(isDcom(body)).toBe(true);
  });

  it('skips most messages of an ordinary hour, and no attack', () => {
    const { messages } = generateSample({ now: new Date('2026-03-14T15:09:26Z') });
    const skipped = messages.filter((body) => !isDcom(body));
    expect(skipped.length / messages.length).toBeGreaterThan(0.9);
    const matching = (body: Buffer) =>
      /DcomLaunch<[^\n]*/.test(body.toString()) && /mmc\.exe -Embedding</i.test(body.toString());
    expect(messages.filter(matching).length).toBeGreaterThan(0);
    expect(skipped.filter(matching)).toEqual([]);
  });
});

describe('rules without anything to test', () => {
  it('nothing can match no rule; a rule that requires nothing may match anything', () => {
    expect(looks([])(envelope(ordinary))).toBe(false);
    expect(looks([[], DCOM])(envelope(ordinary))).toBe(true);
  });

  it.each(['abc', '1234', 'true', '": "', 'é', '\\\\'])('a literal like %j decides nothing', (text) => {
    expect(looks([[{ kind: 'literal', text, caseSensitive: true }]])(envelope(ordinary))).toBe(true);
  });

  it('knows the table of rows that tell none', () => {
    const rule: Requirement[] = [{ kind: 'table', name: 'Mine_CL' }];
    expect(looks([rule])(envelope(ordinary))).toBe(false);
    const untold = { Computer: 'A', TimeGenerated: TIME };
    expect(looks([rule], { defaultTable: 'Mine_CL' })(envelope(ordinary))).toBe(false);
    expect(looks([rule], { defaultTable: 'Mine_CL' })(envelope(untold))).toBe(true);
    expect(looks([rule], { defaultTable: 'Other_CL' })(envelope(untold))).toBe(false);
  });
});

/** JSON text with escapes and white space chosen by `choose`. */
function writeJson(value: unknown, choose: () => number): string {
  const blank = () => ['', '', '', ' ', '\n', '\t'][choose() % 6]!;
  if (typeof value === 'string')
    return `"${Array.from({ length: value.length }, (_, at) => writeUnit(value[at]!, choose)).join('')}"`;
  if (typeof value === 'number') return choose() % 6 === 0 ? value.toExponential() : String(value);
  if (Array.isArray(value)) return `[${value.map((item) => blank() + writeJson(item, choose)).join(',')}${blank()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, item]) => `${blank()}${writeJson(key, choose)}${blank()}:${blank()}${writeJson(item, choose)}`,
  );
  return `{${members.join(',')}${blank()}}`;
}

function writeUnit(unit: string, choose: () => number): string {
  if (choose() % 150 === 0) return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  if (unit === '/' && choose() % 2 === 0) return '\\/';
  return JSON.stringify(unit).slice(1, -1);
}

const words = [
  'svchost.exe -k DcomLaunch',
  'mmc.exe -Embedding',
  'MIMIKATZ',
  'a/b&c<d>',
  '"quoted text"',
  'C:\\Temp\\x y.exe',
  'stra\u00dfe',
  '{"k":"deep value"}',
  '12345',
  '4.5e3',
];
const word = fc.constantFrom(...words);
const value = fc.oneof(
  fc.array(word, { maxLength: 3 }).map((parts) => parts.join('')),
  word.map((text) => text.toUpperCase()),
  word.map((text) => text.replace('k', '\u212a').replace('s', '\u017f')),
  fc.string({ maxLength: 8 }),
  fc.record({ inner: word, list: fc.array(word, { maxLength: 2 }) }),
  fc.constantFrom(1, 3, 4688, 12345, true, null),
);
const cells = {
  Computer: value,
  EventData: value,
  EventID: fc.constantFrom<unknown>(1, 3, '1', '4688', 1.5, null, '0x1'),
  Extra: value,
  TimeGenerated: fc.constant(TIME),
  Type: fc.constantFrom('Event', 'SecurityEvent', 'Other'),
};
const plainRow = fc.record(cells);
const oddRow = fc.record(
  {
    ...cells,
    EventLog: value,
    Source: value,
    time: fc.constant(TIME),
    category: fc.constantFrom('AdvancedHunting-Event', 'Administrative', 'x'),
    properties: fc.record({ EventData: value, EventID: fc.constantFrom(1, 3) }),
    winlog: fc.record({
      provider_name: word,
      event_id: fc.constantFrom(1, 3),
      event_data: fc.record({ CommandLine: word }),
    }),
    '@timestamp': fc.constant(TIME),
  },
  { requiredKeys: [] },
);
const xml = word.map(
  (text) =>
    `<Event><System><EventID>1</EventID><TimeCreated SystemTime="${TIME}"/></System><EventData><Data>${text.replace(/[<>&]/g, '')}</Data></EventData></Event>`,
);
const record = fc.oneof(
  { weight: 30, arbitrary: plainRow },
  { weight: 3, arbitrary: oddRow },
  { weight: 1, arbitrary: xml },
  { weight: 1, arbitrary: fc.record({ message: xml }) },
);
const number: fc.Arbitrary<Atom> = fc.record({
  kind: fc.constant('number' as const),
  column: fc.constantFrom('EventID', 'EventID', 'Level'),
  values: fc.uniqueArray(fc.constantFrom(1, 3, 4688), { minLength: 1 }),
});
const literal: fc.Arbitrary<Atom> = fc.record({
  kind: fc.constant('literal' as const),
  text: fc.oneof(word, fc.constantFrom('deep', 'CommandLine">', 'DATA NAME', 'information', 'authority\\sys')),
  caseSensitive: fc.boolean(),
});
const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({
    kind: fc.constant('table' as const),
    name: fc.constantFrom('Event', 'SecurityEvent', 'Other', 'AzureActivity'),
  }),
  number,
  literal,
  fc.record({
    kind: fc.constant('any' as const),
    of: fc.array(fc.oneof(number, literal), { minLength: 1, maxLength: 3 }),
  }),
);
const leg: fc.Arbitrary<LegRequirements> = fc.array(fc.array(requirement, { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 2,
});

const textOf = (cell: unknown): string =>
  typeof cell === 'string'
    ? cell
    : cell === null || cell === undefined
      ? ''
      : typeof cell === 'object'
        ? JSON.stringify(cell)
        : String(cell);

/** The oracle: what is required, on the rows as decoded. */
function satisfies(table: string, fields: Record<string, unknown>, wanted: Requirement): boolean {
  if (wanted.kind === 'table') return table === wanted.name;
  if (wanted.kind === 'any') return wanted.of.some((atom) => satisfies(table, fields, atom));
  if (wanted.kind === 'number') {
    const cell = fields[wanted.column];
    return cell !== null && cell !== undefined && wanted.values.includes(Number(cell));
  }
  const fold = (text: string) => (wanted.caseSensitive ? text : text.toLowerCase());
  return Object.values(fields).some((cell) => fold(textOf(cell)).includes(fold(wanted.text)));
}

describe('for any rules and any message', () => {
  it('gives every row to the legs that it may come through, and leaves no bad record unread', () => {
    const seen = { unread: 0, some: 0, whole: 0, left: 0 };
    fc.assert(
      fc.property(
        fc.array(leg, { minLength: 1, maxLength: 8 }),
        fc.array(record, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('envelope', 'array', 'lines', 'joined'),
        fc.array(fc.nat(1000), { minLength: 20, maxLength: 60 }),
        fc.constantFrom('plain', 'plain', 'escaped', 'broken', 'twice', 'mark'),
        (legs, records, form, choices, kind) => {
          let at = 0;
          const choose = () => (kind === 'escaped' ? choices[at++ % choices.length]! + at : 1);
          const write = (item: unknown) => writeJson(item, choose);
          const joined =
            form === 'envelope'
              ? `{"records":[${records.map(write).join()}]}`
              : form === 'array'
                ? `[${records.map(write).join()}]`
                : records.map(write).join(form === 'lines' ? '\n' : '');
          const text =
            kind === 'broken'
              ? joined.slice(0, choices[0]! % joined.length) + joined.slice((choices[0]! % joined.length) + 1)
              : kind === 'twice'
                ? joined.replaceAll('"Computer"', ['"EventID"', '"Type"', '"EventData"'][choices[0]! % 3]!)
                : joined;
          const body = Buffer.from(kind === 'mark' ? `\ufeff${text}` : text);
          const whole = decode({ body });
          const verdict = new Prefilter(legs).judge(body);
          seen[verdict.kind]++;
          if (verdict.kind === 'whole') return;
          const picks = new Map((verdict.kind === 'some' ? verdict.picks : []).map((pick) => [pick.index, pick]));
          expect(whole.rejected.filter(({ index }) => !picks.has(index))).toEqual([]);
          if (verdict.kind === 'some') expect(verdict.total).toBe(whole.records.length + whole.rejected.length);
          for (const { index, table, fields } of whole.records) {
            const pick = picks.get(index);
            legs.forEach((lists, number) => {
              if (!lists.some((list) => list.every((wanted) => satisfies(table, fields, wanted)))) return;
              expect({ index, number, legs: pick ? (pick.legs ?? [number]) : [] }).toMatchObject({
                legs: expect.arrayContaining([number]),
              });
            });
            if (pick?.legs && pick.legs.length < legs.length) seen.left++;
          }
          if (picks.size === 0) return;
          const part = decodeRecords(body, [...picks.values()]);
          const isPicked = ({ index }: { index: number }) => picks.has(index);
          expect(part.records).toEqual(whole.records.filter(isPicked));
          expect(part.rejected).toEqual(whole.rejected.filter(isPicked));
        },
      ),
      { numRuns: 3000 },
    );
    expect(seen.unread).toBeGreaterThan(100);
    expect(seen.some).toBeGreaterThan(300);
    expect(seen.left).toBeGreaterThan(100);
  }, 120_000);
});

describe('records that must be reported', () => {
  it.each([
    ['null', null],
    ['a number', 1],
    ['a text', 'x'],
    ['an object that is no row', { a: 1 }],
    ['an empty object', {}],
    ['a row without a time', { ...ordinary, TimeGenerated: undefined }],
    ['a row whose time is none', { ...ordinary, TimeGenerated: 'yesterday' }],
    ['a row without a table', { Computer: 'A', TimeGenerated: TIME }],
  ])('looks closer where %s stands among ordinary rows', (_name, record) => {
    expect(isDcom(envelope(ordinary, record, ordinary))).toBe(true);
    expect(isDcom(envelope(ordinary, ordinary, record))).toBe(true);
    expect(isDcom(Buffer.from(JSON.stringify([ordinary, record])))).toBe(true);
    expect(isDcom(envelope(ordinary, ordinary, ordinary))).toBe(false);
  });

  it('skips ordinary rows with a blank after each brace and colon', () => {
    const text = JSON.stringify({ records: [ordinary, ordinary] })
      .replaceAll('{"', '{ "')
      .replaceAll('":', '": ');
    expect(isDcom(Buffer.from(text))).toBe(false);
  });
});
