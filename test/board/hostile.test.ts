import type { Browser } from 'playwright-core';
import type { BoardServer } from '../../src/board/server';
import { type Workbench, WorkFault } from '../../src/board/source';
import type { AlertsView } from '../../src/board/types';
import { type BoardWorld, boardWorld, eventRow, ruleYaml } from '../support/board';
import { axeFindings, startBrowser, type WatchedPage, watchedPage } from '../support/browser';

jest.setTimeout(180_000);

const RULE = '11111111-2222-4333-8444-000000000002';
const END = Date.UTC(2026, 0, 5, 11);

/** Each would set `window.pwned`, load something, or act on the reader, were it anything but text. */
const CORPUS = [
  '<img src=x onerror="window.pwned=1">',
  '"><script>window.pwned=1</script>',
  "' onmouseover='window.pwned=1' x='",
  '<svg/onload=window.pwned=1>',
  'javascript:window.pwned=1',
  '</style><style>*{display:none!important}</style>',
  '</textarea></title></pre><iframe srcdoc="<script>parent.pwned=1</script>">',
  '<a href="javascript:window.pwned=1" style="position:fixed;inset:0">click</a>',
  '<base href="https://evil.example/"><link rel=stylesheet href=//evil.example/x.css>',
  '<form action=//evil.example><input name=q autofocus onfocus=window.pwned=1>',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a payload
  '{{constructor.constructor("window.pwned=1")()}} ${window.pwned=1} <%= window.pwned=1 %>',
  'report\u202Efdp.exe\u2066\u200B',
  '\u001b]0;title\u0007\u001b[2J\u009b31m\r\n',
  '__proto__',
  'C:\\Windows\\System32\\cmd.exe /c echo ^<img src=x onerror=window.pwned=1^>',
  '&lt;img src=x onerror=window.pwned=1&gt; &#60;script&#62;',
];
const ALL = CORPUS.join(' ');
const NAME = '<img src=x onerror="window.pwned=1"> \u202Eeman <script>window.pwned=1</script>';

/** A rule whose name, columns, alert title and details are what somebody made them. */
const QUERY = `Event
| where EventID == 1
| extend Line = EventData
| summarize Count = count(), ['<img src=x onerror=window.pwned=1>'] = max(UserName) by Computer, Line`;
const MORE = `entityMappings:
  - entityType: Host
    fieldMappings:
      - identifier: FullName
        columnName: Computer
  - entityType: Process
    fieldMappings:
      - identifier: CommandLine
        columnName: Line
customDetails:
  Evil: Line
alertDetailsOverride:
  alertDisplayNameFormat: 'On {{Computer}}'
  alertDescriptionFormat: 'Because of {{Line}}'
`;

/** What the compiler says of such queries, and what they give. */
const workbench: Workbench = {
  hasSample: true,
  check: async () => ({
    problems: CORPUS.map((text, i) => ({ code: `KS${i}`, severity: 'error', message: text, start: 0, length: 5 })),
    columns: [],
  }),
  complete: async () => ({
    from: 0,
    items: CORPUS.map((text) => ({ label: `Event${text}`, apply: text, kind: 'Column', after: '' })),
  }),
  async run(_, input) {
    if ('file' in input) throw new WorkFault(`the file cannot be read: ${input.file}`);
    return {
      problems: [],
      columns: CORPUS.map((name) => ({ name, type: 'string' })),
      rows: CORPUS.map((text) => CORPUS.map(() => text)),
      count: CORPUS.length,
      events: 1,
      tables: [{ name: ALL, events: 1 }],
      unread: [{ reason: ALL, count: 1 }],
      ms: 1,
    };
  },
  async funnel(_, input) {
    throw new WorkFault(`no funnel of ${'file' in input ? input.file : ''} ${ALL}`);
  },
  save: async () => ({ rule: ALL, test: ALL }),
};

let world: BoardWorld;
let server: BoardServer;
let browser: Browser;
let watched: WatchedPage;

beforeAll(async () => {
  world = await boardWorld(
    { 'evil.yaml': ruleYaml(RULE, NAME, QUERY, MORE) },
    {
      session: { host: 'local', name: NAME, mode: 'replay' },
      workbench,
      positions: () => [{ id: NAME, sequenceNumber: 4, enqueuedTime: 0 }],
      hubEnds: async () => [{ source: { namespace: 'n', hub: 'h', partition: NAME }, lastSequenceNumber: 9 }],
      health: async () => ({
        status: 'degraded',
        checks: [{ name: 'plans', status: 'degraded', detail: `refused: ${ALL}` }],
        pending: [{ sink: NAME, windows: 1, failures: 2, firstDue: 0 }],
      }),
    },
  );
  const rows = CORPUS.map((text, i) =>
    eventRow('2026-01-05T10:10:00Z', { Computer: `h${i} ${text}`, EventData: text, UserName: text }),
  );
  await world.send(...rows);
  await world.engine.flush(Date.now());
  // A correction, so that there are two revisions side by side.
  await world.send(eventRow('2026-01-05T10:40:00Z', { Computer: ALL, EventData: ALL, UserName: ALL }));
  await world.engine.flush(Date.now());
  await world.letters.write(
    CORPUS.map((text, i) => ({
      source: `hub ${text}`,
      partition: text.slice(0, 30),
      sequenceNumber: i,
      record: 0,
      ruleId: text,
      enqueuedTime: Date.UTC(2026, 0, 5),
      reason: 'invalid-json' as const,
      detail: `unexpected ${text}`,
      storedAt: Date.UTC(2026, 0, 5),
      body: `{"CommandLine": ${text}\n${ALL}`,
    })),
  );
  server = await world.serve({ token: 'token' });
  browser = await startBrowser();
  watched = await watchedPage(browser, server.address);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Runs in the page. Characters that act on the reader are shown by their codes, and are nowhere as they are. */
const INSPECT = `(() => {
  const strange = 'img, iframe, object, embed, base, form[action], #board script, #board style, #board link, meta[http-equiv]';
  const elements = [...document.querySelectorAll(strange)].map((element) => element.outerHTML);
  const handlers = [...document.querySelectorAll('#board *')].filter((element) =>
    element.getAttributeNames().some((name) => name.startsWith('on')),
  );
  const links = [...document.querySelectorAll('a')]
    .map((link) => link.getAttribute('href') ?? '')
    .filter((href) => !/^(#\\/|api\\/)/.test(href));
  const acting = /[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069]/;
  const texts = [document.body.textContent ?? '', document.title];
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
    texts.push(...['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''));
  return { elements, handlers: handlers.length, links, acts: texts.filter((text) => acting.test(text)) };
})()`;

/** What must hold wherever attacker-written text is shown. `logged`: what the browser may log meanwhile, or has logged and tells late. */
async function expectHarmless(logged?: RegExp): Promise<void> {
  const { page, faults } = watched;
  expect(await page.evaluate(() => (globalThis as { pwned?: unknown }).pwned)).toBeUndefined();
  expect(faults.filter((fault) => logged?.test(fault) !== true)).toEqual([]);
  faults.splice(0);
  const found = await page.evaluate(INSPECT);
  expect(found).toEqual({ elements: [], handlers: 0, links: [], acts: [] });
}

const open = async (place: string, sign: string): Promise<void> => {
  const { page } = watched;
  await page.goto(`${server.address}#/${place}`);
  await page.getByText(sign).first().waitFor();
};

describe('text that attackers wrote', () => {
  it('is text on Now: rule names, health, partitions, alerts', async () => {
    await open('now', 'refused:');
    await watched.page.getByRole('row', { name: /On/ }).first().waitFor();
    await expectHarmless();
  });

  it('is text on the pages of rules: name, description, columns, groups, stages', async () => {
    await open('rules', 'U+202Eeman');
    await expectHarmless();
    await open(`rules/${RULE}`, 'Open window');
    await watched.page.getByText('h12 report').first().waitFor();
    expect(await watched.page.getByRole('columnheader', { name: '<img src=x' }).count()).toBeGreaterThan(0);
    await expectHarmless();
  });

  it('is text on alerts: title, description, results, entities, details, revisions', async () => {
    const { alerts } = (await (await fetch(`${server.address}api/alerts`)).json()) as AlertsView;
    const [alert] = alerts;
    expect(alert!.revision).toBe(2);
    await open('alerts', 'On ');
    await expectHarmless();
    await open(`alerts/${RULE}/${END}/${alert!.id}`, 'Revisions');
    const { page } = watched;
    for (const text of CORPUS.slice(0, 8)) expect(await page.getByText(text).count()).toBeGreaterThan(0);
    await expectHarmless();
    await page.getByRole('button', { name: /^1/ }).click();
    await page.getByRole('button', { name: /^2/ }).click();
    await expectHarmless();
    await open('attack', 'T1021.003');
    await expectHarmless();
  });

  it('is text in dead letters: reason, detail, source, body', async () => {
    await open('letters', 'unexpected');
    await expectHarmless();
    const { letters } = await world.letters.list();
    for (const { id } of letters) {
      await watched.page.goto(`${server.address}#/letters/${encodeURIComponent(id)}`);
      await watched.page.getByRole('region', { name: 'The record' }).getByText('CommandLine').waitFor();
      await expectHarmless();
    }
  });

  it('is text in queries: their problems, completions, results, the names of files, what was saved', async () => {
    const { page } = watched;
    await page.goto(`${server.address}#/try`);
    const editor = page.getByRole('textbox', { name: 'Query in KQL' });
    await editor.click();
    await page.getByText('KS16').waitFor();
    await expectHarmless();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Ev');
    await page
      .getByRole('option', { name: /^Event/ })
      .first()
      .waitFor();
    const shown = await page.evaluate("document.querySelector('.editor').shadowRoot.textContent");
    expect(shown).toContain('EventreportU+202Efdp');
    expect(shown).not.toMatch(/[\u200b\u202e\u2066\u001b\u009b]/);
    await expectHarmless();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('table', { name: 'Result' }).getByText('report').first().waitFor();
    await expectHarmless();
    await page.getByLabel('Token that the terminal printed').fill('token');
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByLabel('Name').fill(NAME);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved:').waitFor();
    await expectHarmless();
    for (const place of ['try', `rules/${RULE}`]) {
      await page.goto(`${server.address}#/${place}`);
      const name = '<img src=x onerror=window.pwned=1>\u202e"$&.evtx';
      const file = { name, mimeType: 'text/html', buffer: Buffer.from('<script>window.pwned=1</script>') };
      await page.getByLabel('A file with events').setInputFiles(file);
      await page.getByRole('alert').getByText('U+202E').first().waitFor();
      await page.waitForLoadState('networkidle');
      await expectHarmless(/status of 422/);
    }
  });

  it('is text in an address that somebody was sent', async () => {
    for (const text of CORPUS)
      for (const place of ['rules', 'letters', 'nothing', 'alerts/a/b']) {
        await watched.page.goto(`${server.address}#/${place}/${encodeURIComponent(text)}`);
        await watched.page.getByRole('main').waitFor();
      }
    // The board answers that there is no such thing: the browser logs that, in its own time.
    await watched.page.waitForLoadState('networkidle');
    await expectHarmless(/status of 40[04]/);
  });

  it('leaves the pages as usable as they are', async () => {
    await open('rules', 'U+202Eeman');
    expect(await axeFindings(watched.page)).toEqual([]);
  });
});
