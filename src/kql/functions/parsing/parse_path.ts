import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';

function parse(path: string): Map<string, Dynamic> {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(path);
  const rest = scheme ? path.slice(scheme[0].length) : path;
  const root = /^(?:[\\/]{2}[?.][\\/])?([A-Za-z]:)/.exec(rest)?.[1] ?? '';
  const separator = Math.max(rest.lastIndexOf('\\'), rest.lastIndexOf('/'));
  const directory = separator < 0 ? '' : rest.slice(0, separator);
  const last = separator < 0 && root !== '' ? rest.slice(root.length) : rest.slice(separator + 1);
  const colon = last.indexOf(':');
  const filename = colon < 0 ? last : last.slice(0, colon);
  const dot = filename.lastIndexOf('.');
  const name = directory.slice(Math.max(directory.lastIndexOf('\\'), directory.lastIndexOf('/')) + 1);
  return new Map<string, Dynamic>([
    ['Scheme', scheme?.[1] ?? ''],
    ['RootPath', root],
    ['DirectoryPath', directory],
    ['DirectoryName', name === root ? '' : name],
    ['Filename', filename],
    ['Extension', dot < 0 ? '' : filename.slice(dot + 1)],
    ['AlternateDataStreamName', colon < 0 ? '' : last.slice(colon + 1)],
  ]);
}

/** The parts of a file path with slashes of either kind, a scheme, a long-path prefix or an alternate data stream. */
export const parsePath = defineFunction({
  name: 'parse_path',
  docs: 'parse-path-function',
  params: ['string'],
  returns: 'dynamic',
  impl: parse,
});
