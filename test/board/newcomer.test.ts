import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventHubProducerClient } from '@azure/event-hubs';
import type { Browser, Page } from 'playwright-core';
import { readCases } from '../../cli/testing/case-file';
import { generateSample } from '../../local/sample';
import { openStorage } from '../../src/host/operator';
import { axeFindings, startBrowser, type WatchedPage, watchedPage } from '../support/browser';
import { until } from '../support/until';

jest.setTimeout(240_000);

const ROOT = join(__dirname, '..', '..');
const RULE = '50cbf34a-4cdd-45d7-b3f5-8b53a1d0d14f';

/** `npm start` over a copy of the app, so that what is saved stays in it. */
let app: string;
let child: ChildProcess;
let output = '';
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let address = '';
let token = '';

beforeAll(async () => {
  app = mkdtempSync(join(tmpdir(), 'outrider-newcomer-'));
  mkdirSync(join(app, 'dist'));
  for (const name of ['functions', 'board', 'plans.json', 'pages.json'])
    symlinkSync(join(ROOT, 'dist', name), join(app, 'dist', name));
  for (const name of ['host.json', 'package.json', 'node_modules']) symlinkSync(join(ROOT, name), join(app, name));
  cpSync(join(ROOT, 'rules'), join(app, 'rules'), { recursive: true });
  const args = ['--app', app, '--board-port', '0', '--events-port', '0', '--http-port', '0'];
  child = spawn(process.execPath, [join(ROOT, 'dist', 'local', 'start.js'), ...args], { stdio: 'pipe' });
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  await until('the address', () => /http:\/\/127\.0\.0\.1:\d+\/\n/.test(output), 60_000);
  address = /board: (http:\/\/127\.0\.0\.1:\d+\/)\n/.exec(output)?.[1] ?? '';
  browser = await startBrowser();
  watched = await watchedPage(browser, address, { ignore: /status of 4(?:01|04|22)/ });
  page = watched.page;
});
afterAll(async () => {
  await browser?.close();
  if (child) {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await ended;
  }
  rmSync(app, { recursive: true, force: true });
});

const alerts = async () =>
  (
    (await (await fetch(`${address}api/alerts`)).json()) as {
      alerts: { ruleId: string; windowEnd: number; id: string }[];
    }
  ).alerts;

/** The message of the sample with the attack that the rule finds, as if another host had seen it in the same hour. */
async function* attackFrom(computer: string): AsyncGenerator<Buffer> {
  // What the board has read a moment ago, before the flush, it reads again after seconds.
  await until('the alert', async () => (await alerts()).length > 0, 60_000);
  const [alert] = await alerts();
  for await (const body of generateSample({ now: new Date(alert!.windowEnd), seed: 1 }).messages) {
    const { records = [] } = JSON.parse(body.toString()) as { records?: Record<string, unknown>[] };
    const found = records.filter(({ EventData }) => /svchost\.exe -k DcomLaunch</.test(String(EventData)));
    const [record] = found.filter(({ EventData }) => String(EventData).includes('mmc.exe -Embedding<'));
    if (!record) continue;
    yield Buffer.from(JSON.stringify({ records: [{ ...record, Computer: computer }] }));
    return;
  }
}

/** A file, as it is dropped. */
async function drop(name: string, bytes: Buffer): Promise<void> {
  await page
    .getByLabel('A file with events')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });
}

describe("the newcomer's path in a browser", () => {
  it('prints the address before anything else', () => {
    expect(output.trimStart()).toMatch(/^board: http:\/\/127\.0\.0\.1:\d+\/\n/);
  });

  it('shows the attack when it appears, without being asked again', async () => {
    await page.goto(address);
    await page.getByRole('heading', { name: 'Latest alerts' }).waitFor({ timeout: 90_000 });
    await page
      .getByRole('link', { name: 'Lateral Movement via DCOM', exact: true })
      .last()
      .waitFor({ timeout: 90_000 });
    await until('the end of the start', () => output.includes('Ctrl-C stops everything'), 60_000);
    token = /token for writing: (\S+)\)/.exec(output)?.[1] ?? '';
    expect(token).toMatch(/^[\w-]{24}$/);
  });

  it('shows the groups of a window, and events that another client sends, as they come', async () => {
    await page.getByRole('button', { name: /held: what Lateral Movement via DCOM holds/ }).click();
    const groups = page.getByRole('table', { name: 'Open groups' });
    await groups.getByText('WS05.corp.example.com').waitFor();
    const eventHubs = /event hub\s+events at (\S+)/.exec(output)?.[1] ?? '';
    const others = new EventHubProducerClient(eventHubs, 'events');
    for await (const body of attackFrom('ws-of-another-client')) await others.sendBatch([{ body }]);
    await others.close();
    await groups.getByText('ws-of-another-client').first().waitFor({ timeout: 90_000 });
  });

  it('says why: opens the alert, sees its results and the stages that made it', async () => {
    await page
      .getByRole('table', { name: 'Latest alerts' })
      .getByRole('link', { name: 'Lateral Movement via DCOM', exact: true })
      .click();
    await page.getByRole('heading', { name: 'Lateral Movement via DCOM' }).waitFor();
    await page.getByText('CORP\\adm.novak').first().waitFor();
    await page.getByText('It has not been corrected.').waitFor();
    const stages = page.locator('.flow .stage');
    await stages.first().waitFor();
    expect(await stages.count()).toBe(7);
    expect(await stages.nth(3).textContent()).toContain('svchost.exe -k DcomLaunch');
  });

  it('follows the last minutes through the rule: rows at each stage, and what nearly matched', async () => {
    await page.getByRole('link', { name: 'The whole rule' }).click();
    await page.getByLabel('Minutes').selectOption('15');
    await page.getByRole('button', { name: 'Use the last minutes' }).click();
    await page.getByText('Events: the last 15 minutes').waitFor();
    await page.getByRole('heading', { name: 'Nearest misses' }).waitFor({ timeout: 90_000 });
    const rows = (await page.locator('.flow .rows').allInnerTexts()).map((text) => Number(text.replaceAll(',', '')));
    expect(rows[0]).toBeGreaterThan(3_000);
    // Three of the sample, and that of the other client.
    expect(rows.slice(3)).toEqual([4, 4, 4, 4, 1]);
    await page.getByText('It goes on with " -p"').first().waitFor();
  });

  it('follows a file that is dropped', async () => {
    const { messages } = generateSample({ now: new Date(), seed: 5 });
    const lines = [];
    for await (const body of messages) lines.push(body.toString());
    await drop('events.ndjson', Buffer.from(lines.join('\n')));
    await page.getByText('Events: events.ndjson').waitFor({ timeout: 60_000 });
    await page.locator('.flow .stage.end').waitFor();
    await drop('broken.evtx', Buffer.from('no event log'));
    await page.getByText('broken.evtx: it is no Windows event log (EVTX)').waitFor({ timeout: 60_000 });
  });

  it('completes a query, shows the squiggle under a mistake, and runs it when it is mended', async () => {
    await page.getByRole('link', { name: 'Try', exact: true }).click();
    const editor = page.getByRole('textbox', { name: 'Query in KQL' });
    await editor.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Event | where EventIDx == 1 and Comp');
    await page.locator('.cm-lintRange-error').first().waitFor({ timeout: 60_000 });
    expect(await page.locator('.cm-lintRange-error').first().textContent()).toBe('EventIDx');
    const problem = page.getByRole('list', { name: 'Problems of the query' }).getByText("'EventIDx'");
    await problem.waitFor();
    await page.getByRole('option', { name: /^Computer/ }).waitFor({ timeout: 60_000 });
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Event | where EventData has "DcomLaunch" | summarize Starts = count() by Computer');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page
      .getByRole('table', { name: 'Result' })
      .getByRole('columnheader', { name: 'Starts' })
      .waitFor({ timeout: 60_000 });
    await problem.waitFor({ state: 'detached' });
  });

  it('saves it as a rule with a test that holds, once it has the token', async () => {
    await page.getByLabel('Token that the terminal printed').fill('wrong');
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByLabel('Name').fill('Starts under DCOM');
    await page.getByLabel('Tactic').selectOption('LateralMovement');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('this needs the token').waitFor();
    expect(existsSync(join(app, 'rules', 'starts-under-dcom.yaml'))).toBe(false);
    await page.getByRole('button', { name: 'Writing' }).click();
    await page.getByLabel('Token that the terminal printed').fill(token);
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved:').waitFor({ timeout: 60_000 });
    const test = readCases(join(app, 'rules', 'starts-under-dcom.test.yaml'));
    expect(test.problems).toEqual([]);
    expect(test.cases[0]!.count).toBeGreaterThan(0);
    expect(readFileSync(join(app, 'rules', 'starts-under-dcom.yaml'), 'utf8')).toContain('summarize Starts = count()');
  });

  it('sends a dead letter again', async () => {
    const storage = /storage\s+(\S+)/.exec(output)?.[1] ?? '';
    const { letters } = await openStorage({ storage: { connectionString: storage }, tablePrefix: 'Outrider' });
    const at = Date.now();
    const letter = {
      source: 'n/events',
      partition: '0',
      record: 0,
      enqueuedTime: at,
      storedAt: at,
      detail: 'try it again',
    };
    const row = {
      Type: 'Event',
      TimeGenerated: new Date(at).toISOString(),
      Computer: 'ws1',
      EventID: 1,
      EventLog: 'x',
      Source: 'y',
    };
    await letters.write([
      { ...letter, sequenceNumber: 9_001, reason: 'state-rejected', body: JSON.stringify(row) },
      { ...letter, sequenceNumber: 9_002, reason: 'invalid-json', body: '{"EventID": 1, "Computer": <script>' },
    ]);
    await page.getByRole('link', { name: 'Dead letters' }).click();
    await page.getByRole('link', { name: 'invalid-json' }).click();
    await page.getByRole('region', { name: 'The record' }).getByText('<script>').waitFor();
    await page.getByRole('button', { name: 'Evaluate it again' }).click();
    await page.getByText('It still cannot be evaluated.').waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: 'state-rejected' }).click();
    await page.getByRole('button', { name: 'Evaluate it again' }).click();
    await page.getByText('It was evaluated: no rule matches. It is removed.').waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: 'state-rejected' }).waitFor({ state: 'detached' });
    expect((await letters.list()).letters.map(({ reason }) => reason)).toEqual(['invalid-json']);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('link', { name: 'invalid-json' })
        .click()
        .then(() => page.getByRole('link', { name: 'Download as text' }).click()),
    ]);
    expect(saved.suggestedFilename()).toBe('dead-letter.txt');
    expect(readFileSync((await saved.path())!, 'utf8')).toBe('{"EventID": 1, "Computer": <script>');
  });

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('is usable by everybody: no serious finding of axe at %i px, %s', async (width, scheme) => {
    const [alert] = await alerts();
    const places = ['now', 'rules', `rules/${RULE}`, 'alerts', 'attack', 'letters', 'try'];
    places.push(`alerts/${alert!.ruleId}/${alert!.windowEnd}/${alert!.id}`);
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme: scheme });
    for (const place of places) {
      await page.goto(`${address}#/${place}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await page.getByText('Reading …').waitFor({ state: 'detached' });
      if (place === 'letters') {
        await page.getByRole('table', { name: 'Dead letters' }).getByRole('link').first().click();
        await page.getByRole('region', { name: 'The record' }).waitFor();
      }
      if (place === 'try') await page.getByRole('textbox', { name: 'Query in KQL' }).waitFor();
      expect([place, await axeFindings(page)]).toEqual([place, []]);
      // Nothing sticks out beside the page.
      const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      const within = await page.evaluate(
        "(() => { const m = document.querySelector('main'); return m.scrollWidth - m.clientWidth; })()",
      );
      expect([place, over, within]).toEqual([place, 0, 0]);
    }
  });

  it('did nothing on the way that the policy forbids, and no error came', () => {
    expect(watched.faults).toEqual([]);
  });
});
