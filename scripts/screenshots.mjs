// Makes the pictures of the README, docs/images/board-*.png: `npm start`, and a browser that looks at it.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium.mjs';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'docs', 'images');
const RULE = '50cbf34a-4cdd-45d7-b3f5-8b53a1d0d14f';
// So slow that there is something to see of the stream.
const ports = ['--rate', '9', '--board-port', '0', '--events-port', '0', '--http-port', '0'];

function start() {
  const child = spawn(process.execPath, [join(root, 'dist', 'local', 'start.js'), ...ports], { stdio: 'pipe' });
  let output = '';
  const ready = new Promise((resolve, reject) => {
    const take = (text) => {
      output += text;
      if (output.includes('Ctrl-C stops everything')) resolve(/board: (\S+)/.exec(output)[1]);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('close', () => reject(new Error(`npm start has ended:\n${output}`)));
  });
  return { child, ready };
}

async function picture(browser, name, { width = 1280, height, scheme = 'light', address, prepare }) {
  // Drawn at one pixel to a pixel: the files stay small.
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(address);
  await prepare(page);
  writeFileSync(join(folder, name), await page.screenshot());
  process.stdout.write(`docs/images/${name}\n`);
  await context.close();
}

mkdirSync(folder, { recursive: true });
const { child, ready } = start();
const { executablePath, args, env } = findChromium();
const browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
try {
  const board = await ready;
  await picture(browser, 'board-now.png', {
    height: 720,
    address: `${board}#/now`,
    prepare: async (page) => {
      await page.getByRole('table', { name: 'Latest alerts' }).getByRole('link').first().waitFor();
      await page.waitForTimeout(8_000);
    },
  });
  await picture(browser, 'board-rule.png', {
    height: 1_330,
    scheme: 'dark',
    address: `${board}#/rules/${RULE}`,
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Use the last minutes' }).click();
      await page.getByRole('heading', { name: 'Nearest misses' }).waitFor({ timeout: 120_000 });
    },
  });
} finally {
  await browser.close();
  child.removeAllListeners('close');
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await ended;
}
