import type { Browser, Page } from 'playwright-core';
import type { BoardServer } from '../../src/board/server';
import type { RulePlan } from '../../src/plan/rule-plan';
import { type BoardWorld, boardWorld, eventRow, ruleYaml } from '../support/board';
import { startBrowser, watchedPage } from '../support/browser';

jest.setTimeout(180_000);

const RULE = '11111111-2222-4333-8444-000000000003';
const QUERY = 'Event\n| where EventID == 1\n| summarize Count = count() by Computer';

let world: BoardWorld;
let server: BoardServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  world = await boardWorld({ 'count.yaml': ruleYaml(RULE, 'Starts by computer', QUERY) });
  for (let i = 0; i < 10; i++)
    await world.send(
      ...Array.from({ length: 1_000 }, (_, j) =>
        eventRow('2026-01-05T10:10:00Z', { Computer: `host-${String(i * 1_000 + j).padStart(5, '0')}` }),
      ),
    );
  const [plan] = world.plans;
  const plans = Array.from({ length: 1_000 }, (_, i): RulePlan => {
    const id = i === 0 ? RULE : `11111111-2222-4333-8445-${String(i).padStart(12, '0')}`;
    return { ...plan!, rule: { ...plan!.rule, id, name: `Rule number ${i}` } };
  });
  server = await world.serve({ source: { ...world.source, plans: async () => plans } });
  browser = await startBrowser();
  ({ page } = await watchedPage(browser, server.address));
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const bodyOf = (name: string) => page.getByRole('table', { name }).getByRole('rowgroup');

describe('a page with much on it', () => {
  it('holds only the rows in sight of 1,000 rules, finds one, and reaches the last by the keyboard', async () => {
    await page.goto(`${server.address}#/rules`);
    await page.getByText('1,000 of 1,000').waitFor();
    expect(await bodyOf('Rules').getByRole('row').count()).toBeLessThan(50);
    await bodyOf('Rules').focus();
    await page.keyboard.press('End');
    await page.getByRole('link', { name: 'Rule number 999' }).waitFor();
    expect(await bodyOf('Rules').getByRole('row').count()).toBeLessThan(50);
    expect(await page.getByRole('table', { name: 'Rules' }).getAttribute('aria-rowcount')).toBe('1001');
    await page.getByLabel('Search rules').fill('number 512');
    await page.getByText('1 of 1,000').waitFor();
    await page.getByRole('link', { name: 'Rule number 512' }).press('Enter');
    await page.getByRole('heading', { name: 'Rule number 512' }).waitFor();
  });

  it('asks for the state of rules in sight alone', async () => {
    const asked: number[] = [];
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname === '/api/marks') asked.push(searchParams.get('rules')!.split(',').length);
    });
    await page.goto(`${server.address}#/rules`);
    await page.getByText('1,000 of 1,000').waitFor();
    await page.waitForRequest(/api\/marks/);
    expect(Math.max(...asked)).toBeLessThan(50);
  });

  it('holds only the rows in sight of 10,000 groups', async () => {
    await page.goto(`${server.address}#/rules/${RULE}`);
    await page.getByText('10,000 groups').waitFor();
    const body = bodyOf('Open groups');
    expect(await body.getByRole('row').count()).toBeLessThan(50);
    await body.focus();
    await page.keyboard.press('End');
    // In canonical order, which is none of the names.
    await body.locator('[aria-rowindex="10001"]').waitFor();
    expect(await body.getByRole('row').count()).toBeLessThan(50);
  });
});
