import { aggregateNames, functionNames } from '../kql';
import { nearest } from '../spelling';
import type { Diagnostic } from './diagnostic';
import { howTo, NOT_DYNAMIC, untilBrokenString } from './how-to';
import type { TableDeclaration } from './kusto';
import { QUERY_OPERATORS } from './query-operators';

const EXPECTED_OPERATOR = 'KS176';
const UNKNOWN_NAME = 'KS142';
const UNKNOWN_FUNCTION = 'KS211';
const UNKNOWN_TABLE = 'KS204';
const EXPECTED_TOKEN = 'KS005';
/** Errors that follow where a table or function is not known: its columns and their types are not known either. */
const NAME_ERRORS = new Set([UNKNOWN_NAME, 'KS106', 'KS107', 'KS109', 'KS141', 'KS145']);

/** Columns of Defender's tables that are text in Defender XDR and dynamic in Sentinel: queries group and sort by them. */
const TEXT_IN_DEFENDER: ReadonlySet<string> = new Set(['AdditionalFields', 'LoggedOnUsers']);

const XDR = 'It asks a service of Defender XDR, which is not there when rules run on the stream.';
const ELSEWHERE = 'It reads another workspace or service: a rule on the stream reads the tables of the stream.';
/** Functions of other products and workspaces, and why a rule on the stream cannot call them. */
const OUT_OF_REACH: ReadonlyMap<string, string> = new Map([
  ['FileProfile', XDR],
  ['DeviceFromIP', XDR],
  ['SeenBy', XDR],
  ['AssignedIPAddresses', XDR],
  ['workspace', ELSEWHERE],
  ['app', ELSEWHERE],
  ['adx', ELSEWHERE],
  ['arg', ELSEWHERE],
]);

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
  const unknown = diagnostics
    .filter(({ code, start }) => code === UNKNOWN_FUNCTION && /\binvoke\s*$/.test(text.slice(0, start)))
    .map(({ start }) => start);
  return untilBrokenString(text, untilSecondQuery(text, diagnostics, tables))
    .filter(
      ({ code, start }) =>
        code === EXPECTED_OPERATOR || !misspelt.some((range) => start > range.start && start < range.end),
    )
    .filter(({ code, start }) => !NAME_ERRORS.has(code) || !unknown.some((at) => start > at))
    .map((diagnostic) => {
      const word = wordAt(text, diagnostic);
      const column = word.replace(/\s+(asc|desc)\b.*$/s, '');
      if (diagnostic.code === NOT_DYNAMIC && TEXT_IN_DEFENDER.has(column))
        return {
          ...diagnostic,
          severity: 'warning' as const,
          message: `'${column}' is taken by its JSON text, as Defender XDR has it; Sentinel, where it is dynamic, refuses this.`,
        };
      const near = OUT_OF_REACH.has(word) ? undefined : suggestion(text, diagnostic, tables);
      const advice = near ? `Did you mean '${near}'?` : missing(text, diagnostic) || howTo(text, diagnostic);
      return advice === '' ? diagnostic : { ...diagnostic, message: `${diagnostic.message} ${advice}` };
    });
}

/**
 * Some collections keep several queries in one file, with a blank line between them, which query editors take as the end of a query. Such a
 * file gets one error, at the second query, in place of the errors that the parser gives from there on.
 */
function untilSecondQuery(
  text: string,
  diagnostics: readonly Diagnostic[],
  tables: ReadonlyMap<string, TableDeclaration>,
): readonly Diagnostic[] {
  for (const { code, start } of diagnostics) {
    if (code !== EXPECTED_TOKEN) continue;
    const gap = /^\s*(?:\/\/[^\n]*\n\s*)*/.exec(text.slice(start))![0];
    const next = start + gap.length;
    const word = /^\w+/.exec(text.slice(next))?.[0];
    if (!/\n\s*$/.test(gap) || word === undefined || !(word === 'let' || tables.has(word))) continue;
    const message = 'A second query begins here: a rule holds one. Keep one of them, or join them with union.';
    return [
      ...diagnostics.filter((diagnostic) => diagnostic.start < start),
      { code, severity: 'error', message, start: next, length: word.length },
    ];
  }
  return diagnostics;
}

const wordAt = (text: string, { start, length }: Diagnostic): string => text.slice(start, start + length).trim();

/** In which file to put a saved function or table that is missing. */
function missing(text: string, diagnostic: Diagnostic): string {
  const { code } = diagnostic;
  const name = wordAt(text, diagnostic);
  if (!/^\w+$/.test(name)) return '';
  const reason = OUT_OF_REACH.get(name);
  if (reason && code === UNKNOWN_FUNCTION) return reason;
  const saved = `put a saved function (a parser, say) at rules/functions/${name}.kql`;
  if (code === UNKNOWN_FUNCTION) return `To have it, ${saved}.`;
  return code === UNKNOWN_TABLE ? `To have it, ${saved}, or the schema of a table at tables/${name}.json.` : '';
}

function suggestion(
  text: string,
  { code, start, length }: Diagnostic,
  tables: ReadonlyMap<string, TableDeclaration>,
): string | undefined {
  const word = text.slice(start, start + length);
  const near = nearestOf(text, word, code, start, tables);
  return near === word ? undefined : near;
}

function nearestOf(
  text: string,
  word: string,
  code: string,
  start: number,
  tables: ReadonlyMap<string, TableDeclaration>,
): string | undefined {
  switch (code) {
    case EXPECTED_OPERATOR:
      return nearest(/^[\w-]+/.exec(text.slice(start))?.[0] ?? '', QUERY_OPERATORS);
    case UNKNOWN_FUNCTION:
      return nearest(
        word,
        [...functionNames(), ...aggregateNames()].filter((name) => /^\w+$/.test(name)),
      );
    case UNKNOWN_TABLE:
      return nearest(word, [...tables.keys()]);
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
