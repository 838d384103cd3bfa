import {
  type Encoded,
  externalReferenceId,
  MAX_EXTERNAL_ROWS,
  type Pipeline,
  parseExternal,
  type Reference,
  shownUrl,
} from '../kql';
import { elements, type Node } from './kusto';
import { parameters, parameterText } from './operators/columns';
import { declaredColumn } from './operators/parse';
import type { Scope } from './scope';
import { INVALID, type Translation, UNSUPPORTED } from './translation';

/** Of `externaldata`; the case of their names does not matter. */
const PROPERTIES: readonly string[] = ['format', 'ignoreFirstRecord'];

/**
 * `externaldata(…)[urls] with (…)`: read when the rule is built; the rows travel in the plan, all files of the operator one after the other.
 * https://learn.microsoft.com/kusto/query/externaldata-operator
 */
export function externalData(t: Translation, node: Node, scope: Scope): Pipeline {
  const columns = elements(node.Schema?.Columns).map((column) => declaredColumn(t, column, scope));
  const written = parameters(node.WithClause?.Properties);
  const given = new Map([...written].map(([name, value]) => [name.toLowerCase(), value]));
  for (const name of written.keys()) {
    if (!PROPERTIES.some((known) => known.toLowerCase() === name.toLowerCase()))
      t.report(
        UNSUPPORTED,
        `externaldata with (${name}=…) is not supported; ${PROPERTIES.join(' and ')} are`,
        node,
        scope,
      );
  }
  const format = parameterText(given.get('format'));
  const ignoreFirstRecord = /true/i.test(parameterText(given.get('ignorefirstrecord')) ?? '');
  const rows: Encoded[][] = [];
  const files: Omit<Reference, 'id'>[] = [];
  for (const uri of elements(node.URIs)) {
    const expr = t.scalar(uri, scope);
    if (expr.k !== 'lit' || typeof expr.v !== 'string') {
      t.report(INVALID, 'the URL of externaldata must be a constant', uri, scope);
      continue;
    }
    const url = expr.v;
    const name = `externaldata ${shownUrl(url)}`;
    const content = t.state.context.data.external(url) ?? { problem: 'it was not fetched' };
    if ('problem' in content) {
      const advice = 'Map it to a local file with --external URL=FILE, or build where it can be reached.';
      t.report('external-data', `${name}: ${content.problem}. ${advice}`, uri, scope);
      continue;
    }
    if (content.warning !== undefined) t.warn('external-data', `${name}: ${content.warning}`, uri, scope);
    try {
      const found = parseExternal(content.text, columns, { url, format, ignoreFirstRecord });
      if (rows.length + found.length > MAX_EXTERNAL_ROWS)
        throw new Error(`more than ${MAX_EXTERNAL_ROWS} rows with the files before it`);
      if (found.length === 0 && content.warning === undefined)
        t.warn('external-data', `${name} has no rows`, uri, scope);
      for (const row of found) rows.push(row);
      const { sha256, fetchedAt, isLocal } = content;
      const file = { url, format, ignoreFirstRecord, sha256, rows: found.length, fetchedAt };
      files.push(isLocal ? { ...file, isLocal } : file);
    } catch (error) {
      t.report('external-data', `${name}: ${(error as Error).message}`, uri, scope);
    }
  }
  const id = externalReferenceId(
    files.map(({ url }) => url!),
    format,
    ignoreFirstRecord,
    columns,
  );
  t.state.references.push(...files.map((file) => ({ id, ...file })));
  return { source: { kind: 'rows', columns, rows, reference: id }, ops: [] };
}
