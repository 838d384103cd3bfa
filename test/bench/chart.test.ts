import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '..', '..', 'scripts', 'bench-chart.mjs');
const NAMES = ['one-rule', 'catalogue', 'many', 'hundred', 'thousand'];

const bench = (isQuick: boolean, names = NAMES) => ({
  isQuick,
  results: names.map((name, i) => ({
    name,
    cpu: { median: 100_000 / (i + 1) },
    ratio: { cpu: { median: 2 / (i + 1) } },
    floor: { atLeast: 0.9 },
    sizes: { rules: [1, 17, 63, 100, 1000][i] },
  })),
});

/** Jest reads no ES modules here: the script is asked in a process of its own. */
function drawn(document: object): string {
  const program = `import { chart, figures, pointsOf } from ${JSON.stringify(`file://${SCRIPT}`)};
    try {
      const points = pointsOf(JSON.parse(process.argv[1]));
      console.log(chart(points) + figures(points, { node: 'v1', cpu: 'X', cores: 2, memoryGiB: 8 }, 'rows'));
    } catch (error) { console.log(error.message); }`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', program, JSON.stringify(document)], {
    encoding: 'utf8',
  });
}

test('the chart has a dot and a floor a measure, and says which hold; it fits light and dark pages', () => {
  const text = drawn(bench(false));
  expect(text.match(/<circle/g)).toHaveLength(5);
  expect(text.match(/class="holds"/g)).toHaveLength(2);
  expect(text.match(/class="short"/g)).toHaveLength(3);
  expect(text).toContain('prefers-color-scheme:dark');
  expect(text).toContain('| 1000 | made; a tenth counts all events of an id | 20,000 | 0.4 | 0.9 |');
});

test('nothing is drawn of a quick run, or where a measure is missing', () => {
  expect(drawn(bench(true))).toMatch(/quick run says nothing/);
  expect(drawn(bench(false, ['one-rule']))).toMatch(/catalogue was not measured/);
});
