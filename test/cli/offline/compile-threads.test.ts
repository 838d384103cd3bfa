import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileOnThreads } from '../../../cli/offline/compile-threads';
import type { ListContent } from '../../../src/compiler/compile';
import { loadWorkspace, type WorkspaceOptions } from '../../../src/rules/workspace';
import { SAMPLE } from '../../rules/sample';
import { bundlePrograms } from '../../support/bundle';

const LIST = 'https://example.org/list.csv';
const QUERIES = [
  'Event | where EventID == 1',
  'Event | where EvntID == 1',
  'Event | summarise count()',
  `Event | where Computer in ((externaldata(x:string)["${LIST}"]))`,
  'Mine | count',
  'Event | where Computer in ((_GetWatchlist("none") | project SearchKey))',
];

let folder: string;
let bundled: ReturnType<typeof bundlePrograms>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-threads-'));
  bundled = bundlePrograms('cli', ['compile-worker.ts']);
});
afterAll(() => {
  bundled.remove();
  rmSync(folder, { recursive: true });
});

it('rules compiled on several threads say what they say on one: plans, problems and their places, in order', async () => {
  for (let i = 0; i < 24; i++) {
    const text = SAMPLE.replace('Sample rule', `rule ${i}`)
      .replace('0b5a1a52', `0b5a1a${String(i).padStart(2, '0')}`)
      .replace('  Event\n  | where EventID == 1', `  ${QUERIES[i % QUERIES.length]}`)
      .replace(/entityMappings:[\s\S]*?version/, 'version');
    writeFileSync(join(folder, `${String(i).padStart(2, '0')}.yaml`), text);
  }
  const content: ListContent = { text: 'a\nb\n', sha256: 'x', fetchedAt: '2026-01-01T00:00:00.000Z' };
  const told: string[] = [];
  const known = new Map<string, ListContent>();
  const load = (more: Partial<WorkspaceOptions>) =>
    loadWorkspace({
      rules: [folder],
      tables: [join(__dirname, '../../../tables')],
      lists: {
        get: (url) => known.get(url),
        load: async (urls) => {
          for (const url of urls) known.set(url, content);
        },
      },
      ...more,
    });
  const shown = async (more: Partial<WorkspaceOptions>): Promise<unknown> => {
    known.clear();
    const { rules, problems } = await load(more);
    const plans = rules.map(({ file, plan, query, stages }) => ({ file: file.file, plan, query, stages }));
    return JSON.parse(JSON.stringify({ plans, problems }));
  };
  const alone = (await shown({})) as { problems: unknown[]; plans: { plan?: unknown }[] };
  expect(alone.problems.length).toBeGreaterThan(8);
  expect(alone.plans.filter(({ plan }) => plan)).toHaveLength(8);
  const compileMany = compileOnThreads(2, join(bundled.directory, 'compile-worker.js'));
  const onProgress = (done: number, of: number): void => void told.push(`${done} of ${of}`);
  expect(await shown({ compileMany, onProgress })).toEqual(alone);
  expect(told.slice(0, 24)).toEqual(Array.from({ length: 24 }, (_, i) => `${i + 1} of 24`));
  // Few rules are not worth a thread.
  expect(compileMany([], {} as never, undefined, () => undefined)).toBeUndefined();
}, 120_000);
