import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

import { ROOT } from './root';

interface Found {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A Chromium: the system's, or the one of the package. */
export async function startBrowser(): Promise<Browser> {
  const run = spawnSync(process.execPath, [join(ROOT, 'scripts', 'chromium.mjs')], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  const { executablePath, args, env } = JSON.parse(run.stdout) as Found;
  return chromium.launch({
    executablePath,
    args: [...args],
    env: { ...process.env, ...env } as Record<string, string>,
  });
}

/** A page that remembers what must not happen on it. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors, violations of the policy, requests to elsewhere, dialogs. */
  readonly faults: string[];
}

export async function watchedPage(
  browser: Browser,
  address: string,
  options: { width?: number; scheme?: 'light' | 'dark'; ignore?: RegExp } = {},
): Promise<WatchedPage> {
  const { width = 1280, scheme = 'light', ignore } = options;
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 860 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(45_000);
  const page = await context.newPage();
  const faults: string[] = [];
  const add = (fault: string): void => void (ignore?.test(fault) || faults.push(fault));
  page.on('pageerror', (error) => add(`error: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && add(`console: ${message.text()}`));
  page.on('dialog', (dialog) => {
    add(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => request.url().startsWith(address) || add(`request: ${request.url()}`));
  page.on('popup', (popup) => add(`popup: ${popup.url()}`));
  await page.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
    console.error('violation:', event.violatedDirective, event.blockedURI, event.sample));`);
  return { page, context, faults };
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical findings of axe on what the page shows now. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const results: unknown = await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })`,
  );
  const found = results as {
    violations: { id: string; impact: string; help: string; nodes: { html: string; failureSummary?: string }[] }[];
  };
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 300)} (${nodes.length}) ${nodes[0]?.failureSummary ?? ''}`,
    );
}
