/**
 * What `parse_xml` costs on the EventData of Sysmon, against JSON.parse and our exact parse_json of the same content: ratios of one
 * run, on the sample's hour (fixed seed). Prints a JSON line a measurement: its time in ms, and how many times that of JSON.parse.
 */
import { generateSample } from '../../local/sample';
import { decode } from '../../src/events/decode';
import { parseJson, stringifyJson, xmlToDynamic } from '../../src/kql';

const ROUNDS = 7;
const { messages } = generateSample({ now: new Date('2026-03-14T15:09:26Z') });
const texts = messages
  .flatMap((body) => decode({ body }).records)
  .map(({ fields }) => fields.EventData)
  .filter((text): text is string => typeof text === 'string' && text.startsWith('<'));
const jsons = texts.map((text) => stringifyJson(xmlToDynamic(text)));

/** Best of some rounds: the machine's own noise only ever adds. */
function milliseconds(inputs: readonly string[], run: (text: string) => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (const text of inputs) run(text);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

const parse = milliseconds(jsons, JSON.parse);
const print = (name: string, inputs: readonly string[], time: number) =>
  console.log(
    JSON.stringify({
      name,
      texts: inputs.length,
      bytes: inputs.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
      ms: Number(time.toFixed(2)),
      timesJsonParse: Number((time / parse).toFixed(3)),
    }),
  );

print('JSON.parse', jsons, parse);
print('parse_json', jsons, milliseconds(jsons, parseJson));
print('parse_xml', texts, milliseconds(texts, xmlToDynamic));
