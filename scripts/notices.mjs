// The notices of the packages that are in a bundle: who wrote them, and the whole text of their licences.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LICENCE = /^(?:licen[cs]e|copying)(?:[.-].*)?$/i;
const NOTICE = /^(?:notice|copyrightnotice|third-?party-?notices?)(?:\..*)?$/i;

const MIT = (holder) => `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`;

/** Packages that name their licence and were published without its text. Each was looked at. */
const WITHOUT_TEXT = new Set(['@nodable/entities']);

/**
 * Directories of the packages of which a bundle holds anything.
 *
 * @param {import('esbuild').Metafile} metafile paths relative to `root`
 * @returns {string[]}
 */
export function bundledPackages(root, metafile) {
  const found = new Set();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      // The innermost node_modules: a package may hold packages of its own.
      const directory = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
      if (directory && bytesInOutput > 0) found.add(join(root, directory));
    }
  }
  return [...found].sort();
}

/**
 * One text for all packages; those of the same words stand together. Throws Error with every package that has no licence.
 *
 * @param {readonly string[]} directories of packages
 */
export function noticesOf(directories) {
  const byText = new Map();
  const faults = [];
  for (const directory of directories) {
    const { name, version, license, author } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    const texts = licenceTexts(directory, { name, license, author });
    if (!license || texts.length === 0) {
      faults.push(`${name} ${version}: ${license ? 'no text of its licence' : 'no licence'} in ${directory}`);
      continue;
    }
    const text = texts.map((each) => each.replaceAll('\r\n', '\n').trim()).join('\n\n');
    const names = byText.get(text) ?? new Set();
    byText.set(text, names.add(`${name} ${version} (${license})`));
  }
  if (faults.length > 0)
    throw new Error(
      `packages cannot be deployed without their licences:\n${faults.map((each) => `  ${each}`).join('\n')}`,
    );
  const parts = [...byText].map(([text, names]) => `${[...names].sort().join('\n')}\n\n${text}\n`);
  const rule = `\n${'-'.repeat(80)}\n\n`;
  return `Outrider is deployed with the following packages in it, under these licences.\n${rule}${parts.sort().join(rule)}`;
}

function licenceTexts(directory, { name, license, author }) {
  const names = existsSync(directory) ? readdirSync(directory).sort() : [];
  const read = (pattern) =>
    names.filter((each) => pattern.test(each)).map((each) => readFileSync(join(directory, each), 'utf8'));
  const licences = read(LICENCE);
  if (licences.length === 0 && license === 'MIT' && author && WITHOUT_TEXT.has(name))
    licences.push(MIT(typeof author === 'string' ? author : author.name));
  return licences.length === 0 ? [] : [...licences, ...read(NOTICE)];
}
