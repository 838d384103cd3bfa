import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { ABSENT, END, ODD, Scanner, Texts, UNKNOWN } from '../../src/scan';
import { SOURCES } from '../../src/scan/module';

it('is made of the sources that lie beside it: run `node scripts/scan.mjs` where this fails', () => {
  const root = join(__dirname, '../..');
  const script = `import { sourceDigest } from ${JSON.stringify(join(root, 'scripts/scan-digest.mjs'))};
    process.stdout.write(sourceDigest(${JSON.stringify(join(root, 'wasm'))}));`;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', script]).toString()).toBe(SOURCES);
});

const KEYS = ['Type', 'TimeGenerated', 'EventID', 'a', 'é', 'a long name of a property', 'Event'];
const scanner = new Scanner(KEYS, 1, []);

/** The records of a body, as the scanner finds them; undefined: it does not say. */
function scan(body: Uint8Array): { text: string; values: Record<string, string | undefined> }[] | undefined {
  const found = [];
  if (!scanner.begin(body)) return undefined;
  for (let state = scanner.next(); state !== END; state = scanner.next()) {
    if (state === UNKNOWN) return undefined;
    const values = Object.fromEntries(KEYS.map((name, key) => [name, scanner.json(key)]));
    found.push({ text: Buffer.from(body).toString('utf8', scanner.start, scanner.end), values });
  }
  return found;
}

describe('records', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const name = fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 12 }));
  const record = fc.dictionary(name, value, { minKeys: 1, maxKeys: 6 });

  it('are found where they stand, with the values of their properties', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 4 }), fc.nat(3), fc.nat(2), (records, form, indent) => {
        const write = (item: unknown) => JSON.stringify(item, null, form < 2 ? indent : 0);
        const body = [
          `[${records.map(write).join(' ,\n')}]`,
          `{"records" : [${records.map(write).join()}]} `,
          records.map(write).join('\n'),
          records.map(write).join(''),
        ][form]!;
        const found = scan(Buffer.from(body));
        if (found === undefined) {
          // An object that begins with a list of that name is taken for the envelope.
          expect(records.some((one) => Object.hasOwn(one, 'records'))).toBe(true);
          return;
        }
        expect(found.map(({ text }) => JSON.parse(text))).toEqual(
          records.map((one) => JSON.parse(JSON.stringify(one))),
        );
        found.forEach(({ values }, i) => {
          for (const key of KEYS) {
            const wanted = Object.hasOwn(records[i]!, key) ? JSON.stringify(records[i]![key]) : undefined;
            expect(values[key] === undefined ? undefined : JSON.stringify(JSON.parse(values[key]))).toBe(wanted);
          }
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('are valid JSON, whatever the bytes are', () => {
    let valid = 0;
    const sign = fc.constantFrom(
      ...'{}[]",:\\/ \n\t0123456789.-+eEtrufalsn\u0001\u007fé\u2028'.split(''),
      '\\u0041',
      '\\ud800',
      'true',
      '""',
    );
    fc.assert(
      fc.property(record, fc.array(fc.tuple(fc.nat(400), sign, fc.boolean()), { maxLength: 3 }), (one, changes) => {
        let text = JSON.stringify(one);
        for (const [place, with_, replaces] of changes) {
          const at = place % text.length;
          text = text.slice(0, at) + with_ + text.slice(at + (replaces ? 1 : 0));
        }
        const found = scan(Buffer.from(text));
        if (found === undefined) return;
        valid++;
        for (const each of found) expect(() => JSON.parse(each.text)).not.toThrow();
        if (found.length === 1) expect(() => JSON.parse(text)).not.toThrow();
      }),
      { numRuns: 5000 },
    );
    expect(valid).toBeGreaterThan(1000);
  });

  it.each([
    '{"a":1}}',
    '{"a":1,}',
    '{"a":01}',
    '{"a":.5}',
    '{"a":1.}',
    '{"a":+1}',
    '{"a":"\t"}',
    '{"a":"\\x"}',
    '{"a":"\\u00g0"}',
    '{"a":tru}',
    '{"a" 1}',
    '[{"a":1},]',
    '[{"a":1}',
    '{"a":"',
    '{"a":"\\',
    '{"a":1}\n{"a":\n1}',
    '{"a":1} {"a":1}\n{"a":1}',
    `{"a":${'['.repeat(100)}${']'.repeat(100)}}`,
    '[1]',
    '[]',
    '"a"',
  ])('are not found in %s', (text) => {
    expect(scan(Buffer.from(text))).toBeUndefined();
  });

  it('tell numbers, words and times as they are written', () => {
    const of = (text: string) => {
      scanner.begin(Buffer.from(text));
      expect(scanner.next()).toBe(1);
      return [scanner.wholeNumber(2), scanner.wordOf(0), scanner.isTime(1)];
    };
    expect(of('{"EventID":4688,"Type":"Event","TimeGenerated":"2026-03-14T14:31:07.1230000Z"}')).toEqual([
      4688,
      6,
      true,
    ]);
    expect(of('{"EventID":"-7","Type":"Other","TimeGenerated":"2026-03-14T14:31:07Z"}')).toEqual([-7, -1, true]);
    expect(of('{"EventID":null,"Type":"\\u0045vent","TimeGenerated":"2026-13-14T14:31:07Z"}')).toEqual([
      ABSENT,
      -1,
      false,
    ]);
    expect(of('{"EventID":1.0,"TimeGenerated":"20,6-03-14T14:31:07.123Z"}')).toEqual([ODD, -1, false]);
    expect(of('{"EventID":1,"EventID":"01","TimeGenerated":7}')).toEqual([ODD, -1, false]);
    expect(of('{"EventID":true,"TimeGenerated":"2026-03-14T24:31:07.123Z"}')).toEqual([ODD, -1, false]);
    expect(of('{"a":1}')).toEqual([ABSENT, -1, false]);
  });
});

describe('texts', () => {
  const text = fc.stringMatching(/^[a-c-]{4,9}$/);

  it('are found in either case, each once', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(text, { minLength: 1, maxLength: 40 }),
        fc.stringMatching(/^[a-cA-C-]{0,120}$/),
        (texts, line) => {
          const finder = new Scanner(['x'], 0, [new Texts(texts)]);
          const body = Buffer.from(JSON.stringify({ x: line }));
          finder.begin(body);
          finder.next();
          const found = Array.from({ length: finder.find(0) }, (_, i) => texts[finder.foundAt(i)]!);
          expect(found.sort()).toEqual(texts.filter((one) => body.toString().toLowerCase().includes(one)).sort());
        },
      ),
      { numRuns: 1500 },
    );
  });
});
