import { mixedRules, textRules } from '../../bench/inputs/made-rules';
import { ownRules } from '../../bench/inputs/own-rules';
import { madeStream } from '../../bench/inputs/stream';
import { windowsXml } from '../../bench/inputs/windows-xml';
import { decode } from '../../src/events/decode';
import { readRule } from '../../src/rules/read';

test('an event as raw XML is decoded to the row that it was made of', () => {
  const { bodies } = madeStream(200);
  for (const [i, body] of bodies.entries()) {
    const [row] = decode({ body }).records;
    const { records, rejected } = decode({ body: windowsXml(body, i) });
    expect(rejected).toEqual([]);
    const inner = (fields: Record<string, unknown>): string =>
      /<EventData[^>]*>([\s\S]*)<\/EventData>/.exec(String(fields.EventData))![1]!;
    for (const column of ['Computer', 'EventID', 'EventLog', 'Source', 'TimeGenerated', 'EventLevel'])
      expect([column, records[0]!.fields[column]]).toEqual([column, row!.fields[column]]);
    expect(inner(records[0]!.fields)).toBe(inner(row!.fields));
  }
});

test('made rules are rule files without a problem, each with an id of its own', () => {
  const files = [...textRules(30), ...mixedRules(30), ...ownRules(82)];
  for (const rules of [textRules(30), mixedRules(30), ownRules(82)])
    expect(new Set(rules.map(({ text }) => /^id: (.*)$/m.exec(text)![1])).size).toBe(rules.length);
  expect(files.flatMap(({ file, text }) => readRule(text, file).problems)).toEqual([]);
});

test('the generated stream has as many rows as were asked for, the same each time', () => {
  const [one, other] = [madeStream(5_000), madeStream(5_000)];
  expect(one.bodies).toHaveLength(5_000);
  expect(Buffer.concat([...one.bodies]).equals(Buffer.concat([...other.bodies]))).toBe(true);
});
