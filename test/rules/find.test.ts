import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findRules } from '../../src/rules/find';
import { SAMPLE } from './sample';

describe('findRules', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rules-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function put(name: string, content: string | Buffer): Promise<string> {
    const path = join(folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, content);
    return path;
  }
  const withId = (digit: number) => SAMPLE.replace(/id: 0/, `id: ${digit}`);

  it('finds rules in a tree and leaves out what is none', async () => {
    await put('b/deep/two.yml', withId(2));
    await put('a.yaml', withId(1));
    await put('a.test.yaml', withId(3));
    await put('settings.yaml', 'defaults: {}\n');
    await put('b/connector.yaml', 'id: x\ntitle: y\n');
    await put('node_modules/x.yaml', withId(4));
    await put('.git/x.yaml', withId(5));
    await put('readme.md', 'query: x');
    const { files, problems } = await findRules([folder]);
    expect(files.map((each) => relative(folder, each.file))).toEqual(['a.yaml', join('b', 'deep', 'two.yml')]);
    expect(problems).toEqual([]);
  });

  it('reports broken rules, other broken YAML, wrong encodings and duplicate ids', async () => {
    await put('broken.yaml', 'name: a: b\nquery: x\n');
    await put('other.yaml', '{{- if .Values.x }}\nfoo: [\n');
    await put('utf16.yaml', Buffer.from(`\uFEFF${SAMPLE}`, 'utf16le'));
    await put('one.yaml', SAMPLE);
    await put('two.yaml', SAMPLE);
    const { files, problems } = await findRules([folder]);
    expect(files.map((each) => relative(folder, each.file))).toEqual(['broken.yaml', 'one.yaml', 'two.yaml']);
    expect(problems.map((p) => `${relative(folder, p.file)} ${p.code} ${p.severity}`)).toEqual(
      expect.arrayContaining([
        'other.yaml not-yaml warning',
        'utf16.yaml bad-encoding error',
        'two.yaml duplicate-id error',
        'broken.yaml yaml error',
      ]),
    );
  });

  it('finds exports and custom detections among other files', async () => {
    const arm = (id: string) =>
      JSON.stringify({
        resources: [
          {
            type: 'Microsoft.OperationalInsights/workspaces/providers/alertRules',
            name: `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/${id}')]`,
            kind: 'NRT',
            properties: { displayName: id, severity: 'Low', query: 'Event' },
          },
        ],
      });
    await put('export.json', arm('22222222-2222-4333-8444-555555555555'));
    await put('workbook.json', '{"type":"Microsoft.Insights/workbooks"}');
    await put('data.json', '{"note": "no \\"x/alertRules\\" in it", "resources": []}');
    await put(
      'xdr/detection.yaml',
      'kind: CustomDetection\nid: 33333333-2222-4333-8444-555555555555\nproperties:\n  displayName: d\n  queryCondition:\n    queryText: DeviceEvents\n  schedule:\n    period: 1H\n  detectionAction:\n    alertTemplate:\n      severity: low\n',
    );
    const { files, problems } = await findRules([folder]);
    expect(problems).toEqual([]);
    expect(files.map(({ file, rule }) => [relative(folder, file), rule?.kind])).toEqual([
      ['export.json', 'NRT'],
      [join('xdr', 'detection.yaml'), 'Scheduled'],
    ]);
  });

  it('reads a named file as a rule, and once', async () => {
    const path = await put('connector.yaml', 'id: x\n');
    const { files, problems } = await findRules([path, path]);
    expect(files).toHaveLength(1);
    expect(problems.map((problem) => problem.code)).toContain('missing-field');
  });

  it('reports a path that does not exist', async () => {
    const { files, problems } = await findRules([join(folder, 'no')]);
    expect(files).toEqual([]);
    expect(problems).toMatchObject([{ severity: 'error', code: 'unreadable-file' }]);
  });
});
