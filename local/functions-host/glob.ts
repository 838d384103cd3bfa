import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Files below `root` that match a pattern with `*`, `?`, `**` and `{a,b}`, in alphabetical order: what package.json
 * `main` may hold for a function app.
 */
export function findFiles(root: string, pattern: string): string[] {
  const found = new Set<string>();
  for (const plain of expandBraces(pattern.replace(/^\.\//, ''))) {
    for (const file of walk(root, plain.split('/'))) found.add(file);
  }
  return [...found].sort();
}

function expandBraces(pattern: string): string[] {
  const group = /\{([^{}]*)\}/.exec(pattern);
  if (!group) return [pattern];
  const [whole, inner = ''] = group;
  return inner.split(',').flatMap((choice) => {
    const before = pattern.slice(0, group.index);
    return expandBraces(before + choice + pattern.slice(group.index + whole.length));
  });
}

function walk(directory: string, segments: readonly string[]): string[] {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [];
  const entries = list(directory);
  if (segment === '**') {
    const below = entries.filter((name) => name !== 'node_modules' && isDirectory(join(directory, name)));
    return [...walk(directory, rest), ...below.flatMap((name) => walk(join(directory, name), segments))];
  }
  const matches = entries.filter((name) => segmentPattern(segment).test(name)).map((name) => join(directory, name));
  if (rest.length === 0) return matches.filter((path) => !isDirectory(path));
  return matches.filter(isDirectory).flatMap((path) => walk(path, rest));
}

function segmentPattern(segment: string): RegExp {
  const body = segment
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  return new RegExp(`^${body}$`);
}

function list(directory: string): string[] {
  return isDirectory(directory) ? readdirSync(directory).sort() : [];
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
