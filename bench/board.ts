/**
 * What a page of the board costs a browser with 1,000 rules and 10,000 groups on it, while both change: scrolled from end to end, frame by frame.
 *
 *   node scripts/bench.mjs board
 *
 * Figures of frames depend on the machine; those of work (ms of the page's thread for a frame, long tasks) less so.
 */
import type { CDPSession, Page } from 'playwright-core';
import type { RulePlan } from '../src/plan/rule-plan';
import { boardWorld, eventRow, ruleYaml } from '../test/support/board';
import { startBrowser } from '../test/support/browser';

const RULES = 1_000;
const GROUPS = 10_000;
const FRAMES = 600;
const RULE = '11111111-2222-4333-8444-000000000009';
const QUERY = 'Event\n| where EventID == 1\n| summarize Count = count() by Computer';
const TIME = '2026-01-05T10:10:00Z';

const host = (n: number) => eventRow(TIME, { Computer: `host-${String(n).padStart(5, '0')}` });

/** Runs in the page: scrolls a table from end to end and back, and says how long its frames and its longest tasks were, ms. */
const SCROLL = `(async () => {
  const body = [...document.querySelectorAll('.table .body')].sort((a, b) => b.scrollHeight - a.scrollHeight)[0];
  const tasks = [];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
  observer.observe({ type: 'longtask' });
  const frames = [];
  const most = body.scrollHeight - body.clientHeight;
  let last = await new Promise(requestAnimationFrame);
  for (let i = 1; i <= ${FRAMES}; i++) {
    const way = (i / ${FRAMES}) * 2;
    body.scrollTop = most * (way < 1 ? way : 2 - way);
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - last);
    last = now;
  }
  observer.disconnect();
  frames.sort((a, b) => a - b);
  const at = (share) => Math.round(frames[Math.floor((frames.length - 1) * share)] * 10) / 10;
  return { median: at(0.5), p95: at(0.95), longest: at(1), longTasks: tasks.length, longestTask: Math.max(0, ...tasks), rows: body.querySelectorAll('.row').length };
})()`;

interface Scrolled {
  readonly median: number;
  readonly p95: number;
  readonly longest: number;
  readonly longTasks: number;
  readonly longestTask: number;
  readonly rows: number;
}

async function pageSeconds(session: CDPSession): Promise<{ tasks: number; script: number }> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string): number => metrics.find((one) => one.name === name)?.value ?? 0;
  return { tasks: of('TaskDuration'), script: of('ScriptDuration') };
}

async function measure(page: Page, session: CDPSession, what: string): Promise<void> {
  const [before, cpu, started] = [await pageSeconds(session), process.cpuUsage(), Date.now()];
  const scrolled = (await page.evaluate(SCROLL)) as Scrolled;
  const after = await pageSeconds(session);
  const { user, system } = process.cpuUsage(cpu);
  const perFrame = (seconds: number): number => Math.round((seconds / FRAMES) * 1e6) / 1_000;
  process.stdout.write(
    `${JSON.stringify({
      what,
      ...scrolled,
      'page ms a frame': perFrame(after.tasks - before.tasks),
      'of that script': perFrame(after.script - before.script),
      // This process is the board, and the engine that feeds it.
      'board share of a core': Math.round(((user + system) / 1_000 / (Date.now() - started)) * 100) / 100,
    })}\n`,
  );
}

async function main(): Promise<void> {
  const world = await boardWorld({ 'count.yaml': ruleYaml(RULE, 'Starts by computer', QUERY) });
  for (let i = 0; i < GROUPS; i += 1_000) await world.send(...Array.from({ length: 1_000 }, (_, j) => host(i + j)));
  const [plan] = world.plans;
  const plans = Array.from({ length: RULES }, (_, i): RulePlan => {
    const id = i === 0 ? RULE : `11111111-2222-4333-8445-${String(i).padStart(12, '0')}`;
    return { ...plan!, rule: { ...plan!.rule, id, name: `Rule number ${i}` } };
  });
  const server = await world.serve({ source: { ...world.source, plans: async () => plans } });
  const browser = await startBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  let next = 0;
  const changes = setInterval(() => void world.send(host(next++ % GROUPS), host(next++ % GROUPS)), 500);
  try {
    await page.goto(`${server.address}#/rules`);
    await page.getByText('1,000 of 1,000').waitFor();
    await measure(page, session, '1,000 rules');
    await page.goto(`${server.address}#/rules/${RULE}`);
    await page.getByText('10,000 groups').waitFor();
    await measure(page, session, '10,000 groups');
    await page.goto(`${server.address}#/now`);
    await page.getByRole('table', { name: 'Windows' }).waitFor();
    await measure(page, session, 'Now, with 1,000 rules');
  } finally {
    clearInterval(changes);
    await browser.close();
    await server.stop();
  }
}

void main();
