import { aggregateNames } from '../kql/aggregates/registry';
import { functionNames } from '../kql/functions/registry';
import type { Diagnostic, TableDeclaration } from './kusto';
import { nearest } from './nearest';

const OPERATORS = [
  'as',
  'consume',
  'count',
  'distinct',
  'evaluate',
  'extend',
  'getschema',
  'invoke',
  'join',
  'limit',
  'lookup',
  'make-series',
  'mv-apply',
  'mv-expand',
  'order',
  'parse',
  'parse-kv',
  'parse-where',
  'project',
  'project-away',
  'project-keep',
  'project-rename',
  'project-reorder',
  'render',
  'scan',
  'serialize',
  'sort',
  'summarize',
  'take',
  'top',
  'union',
  'where',
] as const;

const EXPECTED_OPERATOR = 'KS176';
const UNKNOWN_NAME = 'KS142';
const UNKNOWN_FUNCTION = 'KS211';

/**
 * Kusto's diagnostics with what helps to mend them: the nearest known name, and without the errors that only follow from a misspelt
 * operator before them.
 */
export function withAdvice(
  text: string,
  diagnostics: readonly Diagnostic[],
  tables: ReadonlyMap<string, TableDeclaration>,
): Diagnostic[] {
  const misspelt = diagnostics
    .filter(({ code }) => code === EXPECTED_OPERATOR)
    .map(({ start }) => ({ start, end: endOfOperator(text, start) }));
  return diagnostics
    .filter(
      ({ code, start }) =>
        code === EXPECTED_OPERATOR || !misspelt.some((range) => start > range.start && start < range.end),
    )
    .map((diagnostic) => {
      const near = suggestion(text, diagnostic, tables);
      return near ? { ...diagnostic, message: `${diagnostic.message} Did you mean '${near}'?` } : diagnostic;
    });
}

function suggestion(
  text: string,
  { code, start, length }: Diagnostic,
  tables: ReadonlyMap<string, TableDeclaration>,
): string | undefined {
  const word = text.slice(start, start + length);
  switch (code) {
    case EXPECTED_OPERATOR:
      return nearest(/^[\w-]+/.exec(text.slice(start))?.[0] ?? '', OPERATORS);
    case UNKNOWN_FUNCTION:
      return nearest(
        word,
        [...functionNames(), ...aggregateNames()].filter((name) => /^\w+$/.test(name)),
      );
    case UNKNOWN_NAME: {
      const isTable = /(^|[(;,]|\bunion|\bjoin)\s*$/.test(text.slice(0, start).replace(/kind\s*=\s*\w+\s*$/, ''));
      const used = [...tables.values()].filter(({ name }) => new RegExp(`\\b${name}\\b`).test(text));
      const columns = used.flatMap((table) => table.columns.map((column) => column.name));
      return nearest(word, isTable ? [...tables.keys(), ...columns] : columns);
    }
    default:
      return undefined;
  }
}

/** The next `|` or `;` outside quotes, or the end of the text. */
function endOfOperator(text: string, start: number): number {
  const end = /^(?:[^|;"']|"[^"\n]*"|'[^'\n]*')*/.exec(text.slice(start));
  return start + (end?.[0].length ?? 0) || text.length;
}
