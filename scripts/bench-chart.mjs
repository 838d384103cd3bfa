// Draws docs/images/bench.svg and writes the figures of the README from what `npm run --silent bench -- --json` printed:
//   npm run --silent bench -- --json > bench.json && node scripts/bench-chart.mjs bench.json
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const README = join(root, 'README.md');
const SVG = join(root, 'docs', 'images', 'bench.svg');
const [START, END] = ['<!-- figures of scripts/bench-chart.mjs -->', '<!-- end of figures -->'];

/** Measures in the order of the chart, with what is said of their rules. */
const POINTS = [
  ['one-rule', 'one rule (DCOM)'],
  ['catalogue', 'a catalogue'],
  ['many', 'a whole catalogue, about a match an event'],
  ['hundred', 'texts of their own'],
  ['thousand', 'made; a tenth counts all events of an id'],
];

const whole = (value) => Math.round(value).toLocaleString('en-US');
const short = (value) => String(Number(value.toPrecision(2)));
const rounded = (value) => whole(Number(value.toPrecision(2)));

/** The results that the chart shows; throws where one was not measured. */
export function pointsOf({ results, isQuick }) {
  if (isQuick) throw new Error('a quick run says nothing: run the bench in full');
  return POINTS.map(([name, kind]) => {
    const found = results.find((result) => result.name === name);
    if (!found) throw new Error(`${name} was not measured`);
    const { ratio, cpu, floor, sizes } = found;
    return { name, kind, rules: sizes.rules, ratio: ratio.cpu.median, rate: cpu.median, floor: floor.atLeast };
  });
}

const WIDTH = 760;
const HEIGHT = 330;
const FRAME = { left: 64, right: 30, top: 46, bottom: 62 };

/** Rate against number of rules, both logarithmic: a dot a measure, its floor a bar below or above it. */
export function chart(points) {
  const decades = (values) => [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  const [low, high] = decades(points.flatMap(({ ratio, floor }) => [ratio, floor]));
  const x = (rules) => FRAME.left + 30 + (Math.log10(rules) / 3) * (WIDTH - FRAME.left - FRAME.right - 100);
  const y = (ratio) =>
    HEIGHT - FRAME.bottom - ((Math.log10(ratio) - low) / (high - low)) * (HEIGHT - FRAME.top - FRAME.bottom);
  const text = (at, line, words, kind = '', anchor = 'middle') =>
    `<text x="${at.toFixed(1)}" y="${line.toFixed(1)}" text-anchor="${anchor}"${kind && ` class="${kind}"`}>${words}</text>`;
  const lines = [];
  for (let power = low; power <= high; power++) {
    const line = y(10 ** power);
    lines.push(`<path class="grid" d="M${FRAME.left} ${line.toFixed(1)}H${WIDTH - FRAME.right}"/>`);
    lines.push(text(FRAME.left - 8, line + 4, `${10 ** power}×`, 'soft', 'end'));
  }
  const ordered = [...points].sort((a, b) => a.rules - b.rules);
  lines.push(
    `<path class="line" d="M${ordered.map(({ rules, ratio }) => `${x(rules).toFixed(1)} ${y(ratio).toFixed(1)}`).join('L')}"/>`,
  );
  for (const { rules, ratio, rate, floor, kind } of ordered) {
    const [at, line] = [x(rules), y(ratio)];
    const title = `${rules} rules, ${kind}: ${whole(rate)} events a second of processor time, ${short(ratio)} times JSON.parse; must be at least ${floor}`;
    lines.push(
      `<g><title>${title}</title><path class="floor" d="M${(at - 16).toFixed(1)} ${y(floor).toFixed(1)}h32"/>` +
        `<circle cx="${at.toFixed(1)}" cy="${line.toFixed(1)}" r="5" class="${ratio >= floor ? 'holds' : 'short'}"/></g>`,
    );
    // Below its dot where a floor would run through it.
    const isBelow = y(floor) < line && line - y(floor) < 30;
    lines.push(text(at + 9, line + (isBelow ? 20 : -9), `${rounded(rate)}/s`, '', 'start'));
  }
  // Rules so close that their numbers would overlap stand in two lines.
  ordered.forEach(({ rules }, i) => {
    const isNear = i > 0 && x(rules) - x(ordered[i - 1].rules) < 34;
    lines.push(text(x(rules) + (isNear ? 8 : 0), HEIGHT - FRAME.bottom + (isNear ? 32 : 18), String(rules), 'soft'));
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="bench-title">
<title id="bench-title">Events a second against number of rules, as a multiple of JSON.parse</title>
<style>
text{font:13px system-ui,sans-serif;fill:#1f2328}.soft{fill:#59636e}.grid{stroke:#d1d9e0;fill:none}.line{stroke:#0969da;stroke-width:2;fill:none;opacity:.45}
.floor{stroke:#bc4c00;stroke-width:3}.holds{fill:#0969da}.short{fill:#cf222e}
@media (prefers-color-scheme:dark){text{fill:#f0f6fc}.soft{fill:#9198a1}.grid{stroke:#3d444d}.line{stroke:#4493f8}.floor{stroke:#f0883e}.holds{fill:#4493f8}.short{fill:#f85149}}
</style>
${text(FRAME.left - 40, 22, 'evaluate, times the rate of a bare JSON.parse of the same rows', '', 'start')}
<path class="floor" d="M${WIDTH - 132} 18h26"/>${text(WIDTH - 98, 22, 'must be', 'soft', 'start')}
${lines.join('\n')}
${text(WIDTH / 2, HEIGHT - 10, 'rules', 'soft')}
</svg>
`;
}

/** The README's figures: a row a measure, and what they were measured on. No date: what is there is of this state of the sources. */
export function figures(points, { node, cpu, cores, memoryGiB }, sources) {
  const row = ({ rules, kind, rate, ratio, floor }) =>
    `| ${rules} | ${kind} | ${rounded(rate)} | ${short(ratio)} | ${floor} |`;
  return [
    '| rules | | events/s of processor time | × `JSON.parse` | must be |',
    '|---|---|---|---|---|',
    ...points.map(row),
    '',
    `One core of ${cpu} (${cores} cores, ${memoryGiB} GiB), Node ${node}; ${sources}.`,
  ].join('\n');
}

function main([file]) {
  const bench = JSON.parse(readFileSync(file, 'utf8'));
  const points = pointsOf(bench);
  const { sizes } = bench.results.find(({ name }) => name === 'one-rule');
  const events = `rows of ${whole(sizes['bytes an event'])} bytes, one a message, from ${sizes['events from']}`;
  const readme = readFileSync(README, 'utf8');
  const [from, to] = [readme.indexOf(START), readme.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`README.md has no place for figures: ${START} … ${END}`);
  writeFileSync(SVG, chart(points));
  const text = figures(points, bench.environment, events);
  writeFileSync(README, `${readme.slice(0, from + START.length)}\n${text}\n${readme.slice(to)}`);
}

if (process.argv[1] === import.meta.filename) {
  if (!process.argv[2]) {
    console.error('usage: node scripts/bench-chart.mjs FILE, with the JSON of npm run bench');
    process.exitCode = 2;
  } else main(process.argv.slice(2));
}
